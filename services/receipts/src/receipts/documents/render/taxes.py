"""Totals by tax group as invoices and notes print them: taxed on its base, or exempt and why (`MON-4`)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from receipts.documents.render.formatting import Formatting
from receipts.domain.issued_invoice import TaxGroup

Row = tuple[str, str, bool]
"""A label, what it amounts to, and whether it is the one that counts."""


def tax_rows(say: Formatting, groups: Iterable[TaxGroup]) -> list[Row]:
    """One row a group."""
    return [(_label(say, group), say.money(group.tax), False) for group in groups]


def _label(say: Formatting, group: TaxGroup) -> str:
    if Decimal(group.rate):
        return say.say("tax_rate", rate=say.number(group.rate), base=say.money(group.base))
    return say.own("; ".join(group.reasons)) or say.words["tax_exempt"]
