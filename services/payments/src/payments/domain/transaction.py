"""A transaction: what moved money or undid it, as it was recorded once and never changed (`PAY-12`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money

Kind = Literal[
    "payment",
    "refund",
    "cancellation",
    "refund_cancellation",
    "chargeback",
    "credit_application",
    "application_cancellation",
    "allocation_move",
    "move_cancellation",
    "credit_transfer_out",
    "credit_transfer_in",
    "release",
    "take_back",
    "take_back_cancellation",
    "insurer_withheld",
    "insurer_added",
    "insurer_interest",
    "interest_taken_back",
]
ADJUSTMENTS: tuple[Kind, ...] = ("insurer_withheld", "insurer_added", "insurer_interest", "interest_taken_back")
"""What insurers withhold from transfers as a whole, or add to them; interest is told from what is not (`INS-9`)."""
TRANSFERS: tuple[Kind, ...] = ("credit_transfer_out", "credit_transfer_in")
"""Both sides of a transfer of credit; the entries of both are in the giving side's posting."""
CASH_IN: tuple[Kind, ...] = (
    "payment",
    "refund_cancellation",
    "take_back_cancellation",
    "insurer_added",
    "insurer_interest",
)
CASH_OUT: tuple[Kind, ...] = (
    "refund",
    "cancellation",
    "chargeback",
    "take_back",
    "insurer_withheld",
    "interest_taken_back",
)
CASH_SIGNS: dict[Kind, int] = dict.fromkeys(CASH_IN, 1) | dict.fromkeys(CASH_OUT, -1)
"""What is on the day sheets: the kinds that moved money, and whether it came in or went out (`PAY-10`)."""
Method = Literal["cash", "bank_card", "bank_transfer", "check", "insurance", "other"]
PayerKind = Literal["patient", "insurer", "third_party"]


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays; named where it is not the patient (`PAY-1`)."""

    kind: PayerKind = "patient"
    payer_id: UUID | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """The facts of one transaction. `amount` is above zero; `booked_on` is the clinic's calendar day (`PAY-10`).

    `reverses_id` is the transaction that it undoes: where a transfer of credit is taken back, each side undoes its own
    patient's. `group_id` is the payment's group when it was booked, `request_id` the request that a second person
    approved (`ALL-5`). `reason_code` is the caller's or what `reason_codes.py` derives; with it, or with the text of
    `reason`, every transaction says why.

    Those that are about a payment, a side of a transfer and a release have more to say, and types of their own; an
    application of credit and its cancellation have not.
    """

    transaction_id: UUID
    kind: Kind
    patient_id: UUID
    amount: Money
    method: Method
    method_label: str | None
    payer: Payer
    recorded_at: datetime
    booked_on: date
    recorded_by: str
    reverses_id: UUID | None = None
    received_at: datetime | None = None
    reason_code: str | None = None
    reason: str | None = None
    external_reference: str | None = None
    treatment_plan_id: UUID | None = None
    group_id: UUID | None = None
    request_id: UUID | None = None

    @property
    def payment_id(self) -> UUID | None:
        """The payment that it is, or is about, where it is about one."""
        return None

    @property
    def linked_id(self) -> UUID | None:
        """The other side of a transfer, or the document that a release follows."""
        return None

    @property
    def posting_id(self) -> UUID:
        """The posting that has its entries."""
        return self.transaction_id


@dataclass(frozen=True, slots=True)
class PaymentTransaction(Transaction):
    """A payment, or what is about one: its refund, its cancellation, a move of what it settles.

    An insurer's adjustment of a transfer as a whole (`ADJUSTMENTS`) concerns no patient: its patient is the clinic, and
    it is about itself (`INS-9`).
    """

    payment_id: UUID = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class TransferSide(Transaction):
    """One side of a transfer of credit; `linked_id` is the other. The giving side's posting has the entries of both."""

    linked_id: UUID = field(kw_only=True)

    @property
    def posting_id(self) -> UUID:
        """The giving side."""
        return self.linked_id if self.kind == "credit_transfer_in" else self.transaction_id


@dataclass(frozen=True, slots=True)
class Release(Transaction):
    """What was settled became credit; `linked_id` is the document that it follows, if it is not an insurer's money."""

    linked_id: UUID | None = field(default=None, kw_only=True)
