"""What answers about invoices and notes that are not made yet say."""

from __future__ import annotations

from chassis.http import MoneyOut
from pydantic import ConfigDict

from invoicing.http.answer import Answer, shown
from invoicing.http.examples import NOTE_PREVIEW_EXAMPLE, PREVIEW_EXAMPLE
from invoicing.http.shown import NoteLineOut, TotalsOut
from invoicing.http.shown_lines import DocumentChargeOut, LineOut
from invoicing.use_cases.preview_note import NotePreview


class PreviewOut(Answer):
    """What an invoice would come to."""

    model_config = ConfigDict(json_schema_extra={"example": PREVIEW_EXAMPLE})

    lines: list[LineOut]
    charges: list[DocumentChargeOut]
    totals: TotalsOut
    confirmation: str
    """That of a draft that says so: what was previewed is what is issued with it (`MON-9`)."""


class NotePreviewOut(Answer):
    """What a note would come to."""

    model_config = ConfigDict(json_schema_extra={"example": NOTE_PREVIEW_EXAMPLE})

    lines: list[NoteLineOut]
    net: MoneyOut
    tax: MoneyOut
    cash_rounding: MoneyOut
    total: MoneyOut
    outstanding_before: MoneyOut
    outstanding_after: MoneyOut
    to_patient_credit: MoneyOut
    """What was paid already, and so would become the patient's credit (`INV-9`)."""

    @classmethod
    def of(cls, preview: NotePreview) -> NotePreviewOut:
        """As the wire has it."""
        amounts, currency = preview.amounts, preview.currency
        minor = {
            "net": amounts.net,
            "tax": amounts.tax,
            "cash_rounding": amounts.cash_rounding,
            "total": amounts.total,
            "outstanding_before": preview.outstanding_before,
            "outstanding_after": preview.outstanding_after,
            "to_patient_credit": preview.to_patient_credit,
        }
        return cls(
            lines=[NoteLineOut.of(line, currency) for line in amounts.lines],
            **{name: shown(value, currency) for name, value in minor.items()},
        )
