"""A patient's account: its lines, and how it stood after each (`PAY-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from payments.domain.journal import AccountChange
from payments.domain.transaction import Kind, Method, PayerKind

LineKind = Literal[
    "invoice",
    "credit_note",
    "debit_note",
    "void",
    "refund_adjustment",
    "receipt",
    Kind,
]


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be written: whose account, on which day, what it tells of, and how it changes the account."""

    clinic_id: UUID
    patient_id: UUID
    on_date: date
    source_id: UUID
    kind: LineKind
    change: AccountChange
    recorded_at: datetime


Order = Literal["oldest_first", "newest_first"]
Place = tuple[date, int]
"""Where a line stands: its day and its number."""


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which lines of an account are asked for; the balance runs over all."""

    from_date: date | None = None
    to_date: date | None = None
    kind: str | None = None
    group_id: UUID | None = None
    method: str | None = None
    of_statement: bool | None = None
    """Without receipts, and without what handed credit from one record of a patient to another (`ALL-10`)."""


@dataclass(frozen=True, slots=True)
class ReceiptOf:
    """The receipt of a transaction."""

    receipt_id: UUID
    number: str
    void: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """What a patient owes (above zero) or has in credit, and what insurers have in credit beside it, in minor units."""

    minor: int = 0
    insurers_credit_minor: int = 0


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One document, transaction or receipt, how it changed the account, and how that stood after it, in minor units."""

    place: Place
    recorded_at: datetime
    id: UUID
    kind: LineKind
    number: str | None
    amount_minor: int
    change: AccountChange
    balance: Balance
    invoice_id: UUID | None
    transaction_id: UUID | None
    payment_id: UUID | None
    method: Method | None
    method_label: str | None
    group_id: UUID | None
    payer_kind: PayerKind | None
    payer_name: str | None
    reason_code: str | None
    reason: str | None
    recorded_by: str | None
    received_at: datetime | None
    receipt: ReceiptOf | None
