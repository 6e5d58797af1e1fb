"""What a debit note adds to an invoice: a late fee or a correction, with its own tax (`INV-6`)."""

from __future__ import annotations

from invoicing.domain.errors import Invalid
from invoicing.domain.line import Tax
from invoicing.domain.note import NoteAmounts, NoteLine
from invoicing.domain.totals import Pricing


def debit(priced: int, description: str, tax: Tax, pricing: Pricing) -> NoteAmounts:
    """Add so much, as priced (net or gross by the invoice's pricing). Raises Invalid."""
    if priced <= 0:
        raise Invalid("amount", "a debit is more than zero")
    if pricing.prices_include_tax:
        amount = pricing.rounding.tax_within(priced, tax.rate)
        return NoteAmounts((NoteLine(description, priced - amount, amount, tax),))
    return NoteAmounts((NoteLine(description, priced, pricing.rounding.tax_on(priced, tax.rate), tax),))
