"""What responses say of credit and debit notes, made or previewed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.money import decimal_text
from pydantic import ConfigDict

from invoicing.domain.note import Note, NoteLine, Side
from invoicing.http.examples import NOTE_EXAMPLE, NOTE_PREVIEW_EXAMPLE
from invoicing.use_cases.preview_note import NotePreview


class NoteLineOut(ResponseBody):
    """What a note changes on one tax group."""

    invoice_line_id: UUID | None
    debit_note_id: UUID | None
    """The debit note that is credited, where it is about one (`MON-11`)."""
    description: str
    net: MoneyOut
    tax: MoneyOut
    tax_category: str
    tax_rate: str
    exemption_reason: str | None
    """Its line's reason, or those of its group (`MON-10`)."""

    @classmethod
    def of(cls, line: NoteLine, currency: str) -> NoteLineOut:
        """As the wire has it."""
        return cls(
            invoice_line_id=line.invoice_line_id,
            debit_note_id=line.debit_note_id,
            description=line.description,
            net=money_out(line.net, currency),
            tax=money_out(line.tax_amount, currency),
            tax_category=line.tax.category,
            tax_rate=decimal_text(line.tax.rate),
            exemption_reason=line.tax.exemption_reason,
        )


class NoteOut(ResponseBody):
    """A credit note or a debit note."""

    model_config = ConfigDict(json_schema_extra={"example": NOTE_EXAMPLE})

    id: UUID
    invoice_id: UUID
    side: Side
    kind: str
    number: str
    issue_date: date
    reason: str
    author: str
    refund_id: UUID | None
    undoes_id: UUID | None
    undone_by_id: UUID | None
    decision_id: UUID | None
    """The insurer's decision that it follows (`INS-3`)."""
    lines: list[NoteLineOut]
    net: MoneyOut
    tax: MoneyOut
    cash_rounding: MoneyOut
    total: MoneyOut
    created_at: datetime

    @classmethod
    def of(cls, note: Note, currency: str) -> NoteOut:
        """As the wire has it."""
        return cls(
            id=note.id,
            invoice_id=note.invoice_id,
            side=note.side,
            kind=note.kind,
            number=note.number,
            issue_date=note.issue_date,
            reason=note.reason,
            author=note.author,
            refund_id=note.refund_id,
            undoes_id=note.undoes_id,
            undone_by_id=note.undone_by_id,
            decision_id=note.decision_id,
            lines=[NoteLineOut.of(line, currency) for line in note.amounts.lines],
            net=money_out(note.amounts.net, currency),
            tax=money_out(note.amounts.tax, currency),
            cash_rounding=money_out(note.amounts.cash_rounding, currency),
            total=money_out(note.amounts.total, currency),
            created_at=note.created_at,
        )


class NotePreviewOut(ResponseBody):
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
            **{name: money_out(value, currency) for name, value in minor.items()},
        )
