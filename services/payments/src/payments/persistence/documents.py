"""The invoice documents that arrived: each once, for the patient's account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.journal import AccountChange, DocumentAmount
from payments.persistence.account_lines import NewLine

DocumentKind = Literal["invoice", "credit_note", "debit_note", "void", "refund_adjustment"]

_ADD = text(
    """
    INSERT INTO invoice_documents (document_id, clinic_id, patient_id, invoice_id, kind, number, total_minor,
                                   issue_date, recorded_at, note_kind, refund_id)
    SELECT d.id, d.clinic_id, d.patient_id, d.invoice_id, d.kind, d.number, d.total, d.issued,
           CAST(:recorded_at AS timestamptz), d.note_kind, r.refund_id
      FROM unnest(CAST(:ids AS uuid[]), CAST(:clinics AS uuid[]), CAST(:patients AS uuid[]), CAST(:invoices AS uuid[]),
                  CAST(:kinds AS text[]), CAST(:numbers AS text[]), CAST(:totals AS bigint[]), CAST(:dates AS date[]),
                  CAST(:note_kinds AS text[]))
           WITH ORDINALITY AS d (id, clinic_id, patient_id, invoice_id, kind, number, total, issued, note_kind, place)
      JOIN unnest(CAST(:refunds AS uuid[])) WITH ORDINALITY AS r (refund_id, place) USING (place)
    ON CONFLICT (document_id) DO NOTHING
    RETURNING document_id
    """
)


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice, a note on it, or its end.

    `refund_id` where it follows a refund that was counted already; `undoes_id` where it is the opposite of a note;
    `note_kind` is what invoicing calls a note: `courtesy`, `write_off`, `late_fee` and so on. A `refund_adjustment`
    says that so much of what a refund wanted is not credited (`PAY-20`); its number is the invoice's.
    """

    clinic_id: UUID
    document_id: UUID
    kind: DocumentKind
    invoice_id: UUID
    patient_id: UUID
    number: str
    total_minor: int
    issue_date: date
    refund_id: UUID | None = None
    tax_minor: int = 0
    cash_rounding_minor: int = 0
    note_kind: str | None = None
    undoes_id: UUID | None = None
    lines_left: Mapping[UUID, int] | None = None
    """What a note left of the invoice's lines and debit notes, where its event says it."""

    @property
    def takes_back_write_off(self) -> bool:
        """Whether it takes back a part of what a contract with an insurer had written off (`INS-3`)."""
        return self.note_kind == "undo_credit_note" and self.undoes_id is None

    @property
    def follows_contract(self) -> bool:
        """Whether it follows a contract with an insurer, writing off or taking that back (`INS-3`)."""
        return self.note_kind == "contractual_write_off" or self.takes_back_write_off

    @property
    def amount(self) -> DocumentAmount:
        """What it asks for or credits."""
        return DocumentAmount(self.total_minor, self.tax_minor, self.cash_rounding_minor)


def line_of(document: InvoiceDocument, patient_id: UUID, now: datetime, change: AccountChange) -> NewLine:
    """Its line in the account of the invoice's patient, on the day of its issue."""
    return NewLine(
        document.clinic_id, patient_id, document.issue_date, document.document_id, document.kind, change, now
    )


async def add(connection: AsyncConnection, documents: Sequence[InvoiceDocument], now: datetime) -> set[UUID]:
    """Enter documents; returns the ids of those that are new."""
    rows = await connection.execute(
        _ADD,
        {
            "ids": [one.document_id for one in documents],
            "clinics": [one.clinic_id for one in documents],
            "patients": [one.patient_id for one in documents],
            "invoices": [one.invoice_id for one in documents],
            "kinds": [one.kind for one in documents],
            "numbers": [one.number for one in documents],
            "totals": [one.total_minor for one in documents],
            "dates": [one.issue_date for one in documents],
            "note_kinds": [one.note_kind for one in documents],
            "refunds": [one.refund_id for one in documents],
            "recorded_at": now,
        },
    )
    return set(rows.scalars())
