"""Totals by tax group as invoices and notes print them: taxed on its base, or without tax and why (`MON-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from receipts.documents.render.formatting import Formatting
from receipts.domain.printed_invoice import TaxGroup

Row = tuple[str, str, bool]
"""A label, what it amounts to, and whether it is the one that counts."""
_WITHOUT_TAX: Mapping[str, str] = {
    "E": "tax_exempt",
    "AE": "tax_reverse_charge",
    "K": "tax_intra_community",
    "G": "tax_export",
    "O": "tax_outside",
}
"""The categories of EN 16931 (UNCL 5305) that have no rate, each with the words for why; the others have one, if 0."""


def tax_rows(formats: Formatting, groups: Iterable[TaxGroup]) -> list[Row]:
    """One row a group."""
    return [(_label(formats, group), formats.money(group.tax), False) for group in groups]


def _label(formats: Formatting, group: TaxGroup) -> str:
    taxed, why = Decimal(group.rate), formats.own("; ".join(group.reasons))
    if taxed or not (why or group.category in _WITHOUT_TAX):
        return formats.text("tax_rate", rate=formats.number(group.rate), base=formats.money(group.base))
    return why or formats.words[_WITHOUT_TAX[group.category]]


def explained(formats: Formatting, groups: Iterable[TaxGroup]) -> tuple[TaxGroup, ...]:
    """The groups, each that has no tax with its reason: what its category means, where no other is known."""
    return tuple(_explained(formats, group) for group in groups)


def _explained(formats: Formatting, group: TaxGroup) -> TaxGroup:
    if group.category not in _WITHOUT_TAX:
        return replace(group, exemption_reason=None, exemption_reasons=())
    return replace(group, exemption_reasons=group.reasons or (formats.words[_WITHOUT_TAX[group.category]],))
