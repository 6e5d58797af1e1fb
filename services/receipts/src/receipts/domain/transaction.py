"""A transaction that asks for a receipt: a payment or a refund, with what it settled (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money

from receipts.domain.errors import TransactionDoesNotAddUp

Kind = Literal["payment", "refund"]
Method = Literal["cash", "bank_card", "bank_transfer", "check", "insurance", "other"]
PayerKind = Literal["patient", "insurer", "third_party"]


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A version of an installment plan."""

    plan_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How the transaction changed what is settled on one invoice; `change` is negative when money left it."""

    invoice_id: UUID
    invoice_number: str
    change: Money
    credited: Money
    outstanding: Money
    installment_id: UUID | None = None
    """The installment that the payment named (`PLN-2`)."""
    lines: tuple[UUID, ...] = ()
    """The lines that a refund is for, where it named them (`PAY-19`)."""
    line_amounts: tuple[Money | None, ...] = ()
    """How much of each of `lines` goes back, tax included; None where as much does as is left of it."""
    place: int | None = None
    """Its place in the order of all that payments changed on the invoice; an older release did not say it."""
    plan: PlanVersion | None = None
    """The invoice's live plan as payments knew it; an older release did not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A payment or refund as it was recorded. `amount` is always positive; a refund's changes are negative."""

    transaction_id: UUID
    kind: Kind
    clinic_id: UUID
    patient_id: UUID
    amount: Money
    payer_kind: PayerKind
    payer_name: str | None
    method: Method
    method_label: str | None
    recorded_at: datetime
    received_at: datetime | None
    settlements: tuple[Settlement, ...]
    credit_change: Money
    credit_balance: Money
    note: str | None
    reference: str | None
    reason: str | None = None
    """Why it was made, in words, where a person said so."""
    refunded_payment_id: UUID | None = None
    refunded_so_far: Money | None = None

    @property
    def sign(self) -> int:
        """1 for money that came in, -1 for money that went out."""
        return -1 if self.kind == "refund" else 1

    def check(self) -> None:
        """Refuse a transaction whose allocations and credit are not its amount (`RCP-2`)."""
        explained = self.credit_change.minor + sum(settlement.change.minor for settlement in self.settlements)
        if explained * self.sign != self.amount.minor:
            raise TransactionDoesNotAddUp(self.transaction_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSettlement:
    """What one transaction changed of an installment that it named, in minor units (`PLN-2`)."""

    clinic_id: UUID
    transaction_id: UUID
    invoice_id: UUID
    installment_id: UUID
    minor: int
    recorded_at: datetime
    place: int | None


def named_settlements(
    clinic_id: UUID, transaction_id: UUID, recorded_at: datetime, settlements: Iterable[Settlement]
) -> list[NamedSettlement]:
    """What a transaction changed of the installments that it named, one for each of them.

    What a refund takes is credited and stays settled, so it changes nothing (`PLN-2`).
    """
    named: dict[UUID, NamedSettlement] = {}
    for settlement in settlements:
        if settlement.installment_id:
            earlier = named.get(settlement.installment_id)
            named[settlement.installment_id] = NamedSettlement(
                clinic_id=clinic_id,
                transaction_id=transaction_id,
                invoice_id=settlement.invoice_id,
                installment_id=settlement.installment_id,
                minor=settlement.change.minor + settlement.credited.minor + (earlier.minor if earlier else 0),
                recorded_at=recorded_at,
                place=settlement.place,
            )
    return list(named.values())
