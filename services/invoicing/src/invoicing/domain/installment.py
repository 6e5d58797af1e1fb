"""An installment, and the versions of a plan that it stands in: every one stays, with who and why (`PLN-5`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from invoicing.domain.installment_schedule import Terms

InstallmentKind = Literal["down_payment", "installment"]
Cause = Literal[
    "agreed",
    "rescheduled",
    "installment_moved",
    "installment_cancelled",
    "invoice_credited",
    "invoice_debited",
    "cancelled",
    "invoice_voided",
    "divided_anew",
]


@dataclass(frozen=True, slots=True)
class Installment:
    """So much on such a day; `amount` is above zero. It keeps its id from version to version."""

    id: UUID
    position: int
    kind: InstallmentKind
    due_date: date
    amount: int


def by_day(installments: Iterable[Installment]) -> tuple[Installment, ...]:
    """In the order of their due dates, with their places in it."""
    ordered = sorted(installments, key=lambda installment: (installment.due_date, installment.position))
    return tuple(replace(one, position=place) for place, one in enumerate(ordered, start=1))


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan as it was decided once, by whom and why; `invoice_version` says what was known of the invoice then."""

    number: int
    cause: Cause
    installments: tuple[Installment, ...]
    at: datetime
    by: str
    reason: str | None
    invoice_version: int
    note_id: UUID | None = None
    """The credit or debit note that changed it by itself."""
    terms: Terms | None = None
    """How a person had it divided; None where nobody did, and of versions that are older than its being kept."""
    instead_of: int | None = None
    """The version in whose place it stands, as that one did not know of money that was recorded before it (`PLN-6`)."""


@dataclass(frozen=True, slots=True)
class SettlementEntry:
    """What one transaction changed on the plan's invoice, as payments said.

    `change` is signed minor units by which the outstanding fell: a refund, whose credit note goes with it, changes
    nothing (`PLN-2`). `counted` is the version that the invoice got when it was counted here.
    """

    payment_id: UUID
    installment_id: UUID | None
    change: int
    counted: int
    occurred_at: datetime
    transaction_id: UUID
    ordinal: int = 0
