"""The lines of an invoice as receipts and invoices print them: date of service, provider, code, description, tooth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from chassis.members import names_of
from chassis.money import Money

from receipts.documents.render.formatting import Formatting
from receipts.documents.render.taxes import Row
from receipts.domain.printed_invoice import Charge, InvoiceLine, LineDetails, TaxGroup

_LONG = 12
"""So many rows may not fit on the first page."""


def line_details(formats: Formatting, line: InvoiceLine, *, reasons: bool = False) -> dict[str, Any]:
    """What a line says apart from its figures; why it is exempt, where the document has several `reasons`.

    A code is `verbatim`, left to right; what somebody wrote is `own`, of its own direction.
    """
    found = [(name, getattr(line, name)) for name in names_of(LineDetails)]
    details = [formats.text(name, **{name: formats.verbatim(value)}) for name, value in found if value]
    if line.base_quantity != "1":  # here, as a column of figures has no room for it
        quantity = formats.number(line.base_quantity)
        details.append(formats.text("price_for", price=unit_price(formats, line), quantity=quantity))
    for charge in line.charges:
        added = formats.money(charge.amount)
        details.append(formats.text("charge_because", reason=formats.own(charge.reason), amount=added))
    if reasons and line.exemption_reason:
        details.append(formats.own(line.exemption_reason))
    return {
        "date": formats.day(line.date_of_service) if line.date_of_service else "",
        "description": formats.own(line.description),
        "details": " · ".join(details),
        "provider": formats.own(line.provider_name or ""),
    }


def carried(formats: Formatting, sums: Iterable[Money]) -> list[str]:
    """What each row says at the top of the page after it, if that begins behind it: what it comes to so far."""
    return [formats.text("carried_forward", amount=formats.money(sum_)) for sum_ in sums]


def summed(amounts: Iterable[Money]) -> list[Money]:
    """What amounts of one currency come to, each with those before it."""
    return list(accumulate(amounts, lambda so_far, one: Money(so_far.minor + one.minor, one.currency)))


def is_long(rows: Sequence[object]) -> bool:
    """Whether a table goes on over pages: then its rows are closer, and each page says what is carried forward."""
    return len(rows) > _LONG


def date_column(lines: Sequence[InvoiceLine]) -> bool:
    """Whether any line has a date of service: those typed in by hand may have none."""
    return any(line.date_of_service for line in lines)


def provider_column(lines: Sequence[InvoiceLine]) -> bool:
    """Whether any line names its provider: else the column would be empty."""
    return any(line.provider_name for line in lines)


def said_once(formats: Formatting, lines: Sequence[InvoiceLine]) -> list[tuple[str, str]]:
    """The day and the provider of all lines, to be said above them; what is not the same of all has its column."""
    days, providers = {line.date_of_service for line in lines}, {line.provider_name for line in lines}
    said = [(formats.words["col_date"], formats.day(day)) for day in days if day and len(days) == 1]
    said += [(formats.words["col_provider"], formats.own(one)) for one in providers if one and len(providers) == 1]
    return said


def charge_rows(formats: Formatting, charges: Iterable[Charge]) -> list[Row]:
    """Charges of the document, which stand below its lines and add up with them (`INV-12`)."""
    return [
        (formats.text("charge_included", reason=formats.own(charge.reason)), formats.money(charge.amount), False)
        for charge in charges
    ]


def several_reasons(groups: Iterable[TaxGroup]) -> bool:
    """Whether lines are exempt for different reasons: then each says its own (`MON-10`)."""
    return any(len(group.reasons) > 1 for group in groups)


def unit_price(formats: Formatting, line: InvoiceLine) -> str:
    """The price as it was agreed, finer than the currency where it is (`MON-7`)."""
    return formats.money(line.unit_price) if line.price is None else formats.price(line.price, line.unit_price.currency)
