"""The documents of an invoice as their events bring them: issued, noted on, voided, answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from payments.domain.account import NewLine
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import AccountChange, DocumentAmount
from payments.domain.refundable_lines import RefundableLines
from payments.domain.transaction import Payer

DocumentKind = Literal["invoice", "credit_note", "debit_note", "void", "refund_adjustment"]


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
    asked_of_lines_minor: int | None = None
    """What a note left the invoice's own lines asking for, where its event says it."""
    invoice_version: int = 0
    """The invoice's version in invoicing that a note made; 0 of what is no note."""
    deferred: bool = False
    """Whether it takes off what a contract does by a decision that was heard of before it, and had no room then."""

    @property
    def takes_back_write_off(self) -> bool:
        """Whether it takes back a part of what a contract with an insurer had written off (`INS-3`)."""
        return self.note_kind == "undo_credit_note" and self.undoes_id is None

    @property
    def follows_contract(self) -> bool:
        """Whether it follows a contract with an insurer, writing off or taking that back (`INS-3`)."""
        return self.note_kind == "contractual_write_off" or self.takes_back_write_off

    @property
    def raises(self) -> bool:
        """Whether an invoice may ask for more by it, or be settled by more: a debit note, an answer to a refund."""
        return self.kind in ("debit_note", "refund_adjustment")

    @property
    def amount(self) -> DocumentAmount:
        """What it asks for or credits."""
        return DocumentAmount(self.total_minor, self.tax_minor, self.cash_rounding_minor)


def line_of(document: InvoiceDocument, patient_id: UUID, now: datetime, change: AccountChange) -> NewLine:
    """Its line in the account of the invoice's patient, on the day of its issue."""
    return NewLine(
        document.clinic_id, patient_id, document.issue_date, document.document_id, document.kind, change, now
    )


@dataclass(frozen=True, slots=True)
class RegisteredInvoice:
    """An invoice as its event brings it."""

    clinic_id: UUID
    issue_date: date
    balance: InvoiceBalance
    amount: DocumentAmount
    lines: RefundableLines | None = None
    """What is to be credited of its lines, where the event says it."""
    insurers_estimated_minor: int = 0
    """What insurers are estimated to take of it: to pay, and to have written off (`INS-1`)."""
    insurers_estimated: tuple[tuple[Payer, int], ...] = ()
    """Which of them how much, in turn."""
    insurers_write_offs: tuple[tuple[Payer, int], ...] = ()
    """What of that each is estimated to have written off, in the same order."""
