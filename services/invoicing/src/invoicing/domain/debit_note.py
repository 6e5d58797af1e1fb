"""What a debit note adds to an invoice: a late fee or a correction, with its own tax (`INV-6`)."""

from __future__ import annotations

from invoicing.domain.errors import Invalid
from invoicing.domain.line import Tax
from invoicing.domain.note import NoteAmounts, NoteLine
from invoicing.domain.totals import Pricing


def debit(priced: int, description: str, tax: Tax, pricing: Pricing, *, with_tax: bool = False) -> NoteAmounts:
    """Add so much, as priced (net or gross by the invoice's pricing), rounded as its cash is (`MON-6`).

    `with_tax` is an amount of money that is owed: its tax is within it, however the clinic prices. Raises Invalid.
    """
    if priced <= 0:
        raise Invalid("amount", "a debit is more than zero")
    if with_tax or pricing.prices_include_tax:
        amount = pricing.rounding.tax_within(priced, tax.rate)
        line = NoteLine(description, priced - amount, amount, tax)
    else:
        line = NoteLine(description, priced, pricing.rounding.tax_on(priced, tax.rate), tax)
    whole = line.net + line.tax_amount
    rounded = pricing.rounding.to_multiple(whole, pricing.cash_rounding_to)
    if not rounded:
        raise Invalid("amount", "comes to nothing once it is rounded as cash is")
    return NoteAmounts((line,), rounded - whole)
