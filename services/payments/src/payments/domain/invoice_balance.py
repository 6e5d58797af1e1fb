"""An invoice as payments sees it: what it asks for, what is settled on it, and what it still asks for (`INV-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.money import Money

from payments.domain.refund_adjustment import RefundAdjustment

InvoiceStatus = Literal["issued", "partially_paid", "paid", "written_off", "credited", "void"]
"""The words of invoicing, which knows drafts too; that something is overdue is said beside them (`INV-15`)."""


@dataclass(slots=True)
class InvoiceBalance:
    """The figures of one issued invoice, in minor units. What is outstanding and what is settled are never negative.

    `voided_minor` is what the invoice asked for (before settlements) when it became void, so a void invoice asks for
    nothing. `refund_adjusted_minor` counts the credit notes that go with refunds, from the moment of the refund: all
    that is wanted until invoicing has answered (`refund_pending_minor`), then what it credits;
    `refund_uncredited_minor` is what it did not credit of what standing refunds wanted (`PAY-20`). `version` counts
    what was changed on it.
    `forgiven_minor` and `contractual_minor` are what of the credit notes people and insurers' contracts wrote off.
    `bad_debt_minor` is what was written off and is taken all the same, where somebody pays it (`INV-17`).
    `treatment_plan_ids` are those of its lines: deposits for them settle it first (`PAY-3`).
    """

    invoice_id: UUID
    patient_id: UUID
    number: str
    currency: str
    due_date: date
    total_minor: int
    debited_minor: int = 0
    credited_minor: int = 0
    refund_adjusted_minor: int = 0
    voided_minor: int = 0
    settled_minor: int = 0
    void: bool = False
    forgiven_minor: int = 0
    contractual_minor: int = 0
    bad_debt_minor: int = 0
    refund_pending_minor: int = 0
    refund_uncredited_minor: int = 0
    version: int = 1
    treatment_plan_ids: frozenset[UUID] = frozenset()
    plan: tuple[UUID, int] | None = None
    """Its live installment plan and the version that is known, where it was locked."""

    @property
    def asked_minor(self) -> int:
        """What the documents ask for, before anything is settled.

        Below zero only while a credit note crosses a refund that is not answered yet: together they credit more than
        there was. It asks for nothing then; the answer is of what is left (`PAY-20`).
        """
        return (
            self.total_minor + self.debited_minor - self.credited_minor - self.refund_adjusted_minor - self.voided_minor
        )

    @property
    def outstanding_minor(self) -> int:
        """What the invoice still asks for (`INV-9`)."""
        return max(0, self.asked_minor - self.settled_minor)

    @property
    def outstanding(self) -> Money:
        """What the invoice still asks for."""
        return Money(self.outstanding_minor, self.currency)

    @property
    def payable_minor(self) -> int:
        """What a payment may settle: what is outstanding, and what was written off as bad debt (`INV-17`)."""
        return 0 if self.void else max(0, self.asked_minor + self.bad_debt_minor - self.settled_minor)

    @property
    def surplus_minor(self) -> int:
        """What is settled beyond what the documents ask for, and has to become patient credit (`INV-9`).

        What refunds want and is not answered yet does not count: it may not be credited (`PAY-20`). What settles bad
        debt is none: invoicing's debit note follows.
        """
        if self.void:
            return self.settled_minor
        return max(0, self.settled_minor - max(0, self.asked_minor + self.refund_pending_minor + self.bad_debt_minor))

    @property
    def settled_with_refunds_minor(self) -> int:
        """What is settled, with what standing refunds took: what invoicing measures a refund by (`PAY-20`)."""
        return self.settled_minor + self.refund_adjusted_minor + self.refund_uncredited_minor

    def room_minor(self, uncredited_minor: int, wanted_minor: int) -> int:
        """How much of an amount it takes once a refund's adjustment is undone."""
        return max(0, min(wanted_minor, self.asked_minor + uncredited_minor - self.settled_minor))

    @property
    def status(self) -> InvoiceStatus:
        """The status that people see (`INV-9`)."""
        if self.void:
            return "void"
        if self.outstanding_minor == 0:
            return self._closed_as()
        return "partially_paid" if self.settled_minor else "issued"

    def is_overdue(self, today: date, due_next: date | None = None) -> bool:
        """Whether something is outstanding after its day, on the clinic's calendar day (`INV-9`).

        `due_next` is the day by which its live plan asks for something next; without, its due date counts (`INV-15`).
        """
        return self.outstanding_minor > 0 and today > (due_next or self.due_date)

    def _closed_as(self) -> Literal["paid", "written_off", "credited"]:
        """What closed it, as invoicing has it: a write-off, a credit of the whole, or money (`INV-16`)."""
        whole = self.credited_minor + self.refund_adjusted_minor > 0 and self.asked_minor <= 0
        if self.forgiven_minor > 0 or (whole and self.contractual_minor > 0):
            return "written_off"
        return "credited" if whole else "paid"

    def settle(self, change_minor: int, credited_minor: int = 0) -> None:
        """Allocate money to it (above zero) or take it away (below), with the refund adjustment that goes with it."""
        self.settled_minor += change_minor
        self.refund_adjusted_minor += credited_minor
        self.refund_pending_minor += max(0, credited_minor)
        self.version += 1

    def answer(self, adjustment: RefundAdjustment, credited_minor: int) -> int:
        """Count what is credited of what a refund wanted; returns what is not, and is asked for again (`PAY-20`).

        A void invoice asks for nothing all the same.
        """
        uncredited = adjustment.wanted_minor - credited_minor
        self.refund_pending_minor -= adjustment.wanted_minor
        self.refund_adjusted_minor -= uncredited
        if self.void:
            self.voided_minor += uncredited
        else:
            self.refund_uncredited_minor += uncredited
        return uncredited

    def forget(self, adjustment: RefundAdjustment) -> None:
        """A refund is cancelled, so no answer to it counts; on a void invoice all stays as it is."""
        if not self.void:
            self.refund_uncredited_minor -= adjustment.uncredited_minor
            self.refund_pending_minor -= adjustment.pending_minor

    def write_off(self, minor: int, *, by_contract: bool) -> None:
        """Of what was credited, count what was written off (above zero), or what of that was taken back (`INV-16`)."""
        if by_contract:
            self.contractual_minor += minor
        else:
            self.forgiven_minor += minor

    def count_bad_debt(self, minor: int) -> None:
        """Of what was written off, count what may yet be paid (above zero), or what of that was paid or taken back."""
        self.bad_debt_minor += minor

    def become_void(self) -> None:
        """It asks for nothing from now on; what is settled on it becomes surplus (`INV-8`, `PAY-11`)."""
        self.voided_minor += self.asked_minor
        self.void = True
