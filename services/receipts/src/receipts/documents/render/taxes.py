"""Totals by tax group as invoices and notes print them: taxed on its base, or exempt and why (`MON-4`)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from receipts.documents.render.formatting import Formatting
from receipts.domain.printed_invoice import TaxGroup

Row = tuple[str, str, bool]
"""A label, what it amounts to, and whether it is the one that counts."""


def tax_rows(formats: Formatting, groups: Iterable[TaxGroup]) -> list[Row]:
    """One row a group."""
    return [(_label(formats, group), formats.money(group.tax), False) for group in groups]


def _label(formats: Formatting, group: TaxGroup) -> str:
    if Decimal(group.rate):
        return formats.text("tax_rate", rate=formats.number(group.rate), base=formats.money(group.base))
    return formats.own("; ".join(group.reasons)) or formats.words["tax_exempt"]
