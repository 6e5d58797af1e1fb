"""What one transaction does to invoices, patient credit and money: the fact that every decision returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.named_allocation import NamedLine


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an invoice's settlement by one payment changed, and what the invoice asked for right after it."""

    invoice_id: UUID
    invoice_number: str
    patient_id: UUID
    payment_id: UUID
    change_minor: int
    credited_minor: int
    outstanding_minor: int
    installment_id: UUID | None = None
    """The installment that the payment named (`PLN-2`)."""
    place: int | None = field(default=None, compare=False)
    """The invoice's version right after it: the order of all that was changed on it."""
    lines: tuple[NamedLine, ...] = field(default=(), compare=False)
    """The lines that a refund named, of whose invoice this is (`PAY-19`)."""
    named: bool = field(default=False, compare=False)
    """Whether a refund named the invoice that it took this from (`PAY-19`)."""
    settled_with_refunds_minor: int | None = field(default=None, compare=False)
    """What was settled right after it, with what refunds took; neither is known where it is read back later."""
    plan: tuple[UUID, int] | None = field(default=None, compare=False)
    """The invoice's live installment plan, and its version that was known."""

    @classmethod
    def on(
        cls,
        invoice: InvoiceBalance,
        payment_id: UUID,
        change_minor: int,
        credited_minor: int = 0,
        installment_id: UUID | None = None,
    ) -> Settlement:
        """Change what is settled on an invoice, and say how."""
        invoice.settle(change_minor, credited_minor)
        return cls(
            invoice.invoice_id,
            invoice.number,
            invoice.patient_id,
            payment_id,
            change_minor,
            credited_minor,
            invoice.outstanding_minor,
            installment_id,
            place=invoice.version,
            settled_with_refunds_minor=invoice.settled_with_refunds_minor,
            plan=invoice.plan,
        )


@dataclass(frozen=True, slots=True)
class CreditChange:
    """How much of a payment a patient holds as credit more (above zero) or less."""

    payment_id: UUID
    patient_id: UUID
    change_minor: int


Freed = tuple[Settlement, CreditChange]
"""What settled an invoice and is credit again, or the other way round: both sides of one amount."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The whole effect of one transaction, in minor units.

    `money_minor` came in (above zero) or went out; `loss_minor` is what the bank took beyond what the clinic still
    had of the payment (a chargeback after a refund). `withheld_minor` is what an insurer withheld from a transfer as a
    whole (below zero: added to it), `interest_minor` the interest in it (`INS-9`).
    """

    settlements: tuple[Settlement, ...] = ()
    credits: tuple[CreditChange, ...] = ()
    money_minor: int = 0
    loss_minor: int = 0
    withheld_minor: int = 0
    interest_minor: int = 0

    def credit_change_of(self, *records: UUID) -> int:
        """By how much one patient's credit changed, under any of these records of the register (`ALL-10`)."""
        return sum(change.change_minor for change in self.credits if change.patient_id in records)


def by_holder(parts: Iterable[Freed]) -> dict[UUID, Movement]:
    """What was set free, or settled from credit, as one movement for each patient whose credit it changed."""
    found: dict[UUID, list[Freed]] = {}
    for settlement, change in parts:
        found.setdefault(change.patient_id, []).append((settlement, change))
    return {
        holder: Movement(tuple(settlement for settlement, _ in both), tuple(change for _, change in both))
        for holder, both in found.items()
    }
