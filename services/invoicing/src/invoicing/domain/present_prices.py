"""What a draft comes to now: what was typed stays, what was looked up is looked up again (`MON-9`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from invoicing.domain.adjustments import DocumentCharge
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.confirmation import Confirmed, Figures, confirmation_of, figures_of
from invoicing.domain.content import check_content
from invoicing.domain.errors import InvoicingError, PriceMissing
from invoicing.domain.invoice import DraftInvoice, Invoice
from invoicing.domain.line import Line
from invoicing.domain.price_errors import FeeInOtherCurrency, PriceNotReviewed, PricesChanged
from invoicing.domain.prices import Prices
from invoicing.domain.totals import Totals, by_position

PRICE_MISSING = "price_missing"
"""The mark of a draft with a line that nobody had a price for."""
PRICED = "a price list has a price by now"
"""Why such a mark is closed without anybody's looking."""


def price_at_present(draft: DraftInvoice, prices: Prices) -> bool:
    """Give a draft the prices, categories and rates of now; whether it comes to something else than as written.

    Raises what composing its lines would raise now; then it stays as it was written.
    """
    same_kind = prices.settings.prices_include_tax == draft.pricing.prices_include_tax
    content = replace(
        draft.content,
        lines=tuple(_line(line, prices, same_kind=same_kind) for line in draft.lines),
        charges=tuple(_charge(one, place, prices) for place, one in enumerate(draft.content.charges)),
    )
    if content == draft.content:
        return False
    check_content(content, draft.pricing)
    before = seen_of(draft)
    draft.content = content
    return seen_of(draft) != before


def show_at_present(draft: DraftInvoice, prices: Prices) -> None:
    """The same for whoever only looks: what cannot be priced now is as it was written, and `issue_problem` says why."""
    try:
        price_at_present(draft, prices)
        require_prices(draft)
    except InvoicingError as refused:
        draft.issue_problem = refused
    else:
        find_issue_problem(draft, prices.settings, prices.on)


def find_issue_problem(draft: DraftInvoice, settings: ClinicSettings, on: date) -> None:
    """Have a draft that is priced say why it could not be issued that day, if it could not."""
    try:
        draft.check_issue(settings, on)
    except InvoicingError as refused:
        draft.issue_problem = refused


def price_for_issue(draft: DraftInvoice, prices: Prices, confirmed: Confirmed) -> bool:
    """Price a draft for a person who issues it; whether its lines say something else than was written.

    Raises PricesChanged where it comes to something else than was confirmed, or than it was written with and nothing is
    confirmed: of a total, only where it is another one than was written, else it says nothing of the tax in it.
    Raises FeeInOtherCurrency, PriceMissing, and what `price_at_present` raises too.
    """
    seen, written = draft.totals, draft.lines
    changed = price_at_present(draft, prices)
    require_prices(draft)
    word, totals = confirmation_of(seen_of(draft)), draft.totals
    named = None if confirmed.total is None else prices.settings.money(confirmed.total, "confirmed_total")
    says_which = confirmed.word is not None or (named is not None and seen.total != totals.total)
    another = (confirmed.word or word) != word or (named is not None and named != totals.total)
    if another or (changed and not says_which):
        raise PricesChanged(draft.id, seen, totals, draft.pricing.currency, word)
    return draft.lines != written


def confirmation(invoice: Invoice, totals: Totals) -> str | None:
    """The word that issues a draft as it is shown; None for what cannot be issued so, and for what is issued."""
    if not isinstance(invoice, DraftInvoice) or invoice.issue_problem is not None:
        return None
    return confirmation_of(figures_of(invoice.content, totals, invoice.pricing))


def seen_of(draft: DraftInvoice) -> Figures:
    """What a person who sees the draft sees of its prices and taxes."""
    return figures_of(draft.content, draft.totals, draft.pricing)


def require_prices(draft: DraftInvoice) -> None:
    """See that each line has a price. Raises PriceMissing, FeeInOtherCurrency naming the line (`MON-2`)."""
    for line in draft.lines:
        field = f"{by_position(line.position)}.unit_price"
        if line.price_from == "foreign_fee":
            raise FeeInOtherCurrency(field, None, draft.pricing.currency)
        if line.price_from == "missing":
            raise PriceMissing(field, line.sku or line.code)


def require_reviewed(draft: DraftInvoice, causes: Collection[str], prices: Prices) -> None:
    """See that a draft of a policy waits for no person. Raises PriceNotReviewed.

    A price that was missing when the procedure came may be there by now: its payer's list is known, or says more.
    """
    if draft.origin == "desk" or not causes:
        return
    if set(causes) != {PRICE_MISSING} or any(_is_unpriced(line, draft, prices) for line in draft.lines):
        raise PriceNotReviewed(draft.id)


def _is_unpriced(line: Line, draft: DraftInvoice, prices: Prices) -> bool:
    same_kind = prices.settings.prices_include_tax == draft.pricing.prices_include_tax
    priced = prices.price_of(line.sku or line.code, line.code_system, line.date_of_service) if same_kind else None
    return line.price_from == "missing" and priced is None


def confirm_prices(draft: DraftInvoice) -> None:
    """Take what its lines say as said by a person: also the zero of a line that nobody had a price for."""
    lines = (replace(line, price_from="typed") if line.price_from == "missing" else line for line in draft.lines)
    draft.content = replace(draft.content, lines=tuple(lines))


def _charge(one: DocumentCharge, place: int, prices: Prices) -> DocumentCharge:
    """A charge of the document, with the tax that its category has now."""
    return replace(one, tax=prices.tax_of(one.tax.code, "custom", None, f"charges[{place}].tax_category"))


def _line(line: Line, prices: Prices, *, same_kind: bool) -> Line:
    """A line as it is looked up now.

    A draft stays net or gross as it was made, and so a list of the other kind says nothing of its prices (`same_kind`).
    """
    field = by_position(line.position)
    priced = prices.price_of(line.sku or line.code, line.code_system, line.date_of_service)
    named = line.tax.code if line.tax_typed else priced.tax_code if priced else None
    tax = prices.tax_of(named, line.kind, line.date_of_service, f"{field}.tax_category")
    if line.price_from not in ("list", "missing") or not same_kind:
        return replace(line, tax=tax)
    if priced is not None:
        price, base = priced.unit_price, priced.base_quantity
        return replace(line, tax=tax, price_from="list", unit_price=price, base_quantity=base)
    if line.price_from == "list":
        raise PriceMissing(f"{field}.unit_price", line.sku or line.code)
    return replace(line, tax=tax)
