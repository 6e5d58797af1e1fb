"""A payment and what becomes of it: allocated, refunded, cancelled, charged back, released (`PAY-1` to `PAY-6`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation import Share
from payments.domain.allocation_history import Owned, Owners, by_owner, take_earliest, take_latest
from payments.domain.cancellation_errors import RefundStanding
from payments.domain.credit_errors import CreditHeldByOthers
from payments.domain.errors import AmountNotPositive, CashChargedBack, PaymentReversed
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Freed, Movement, Settlement
from payments.domain.named_allocation import NamedAllocation, shares_of
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.refund_errors import RefundExceedsPayment, RefundNeedsReason
from payments.domain.remittance_errors import PartlyTakenBack
from payments.domain.transaction import Method, Payer

Status = Literal["recorded", "cancelled", "charged_back"]
Invoices = Mapping[UUID, InvoiceBalance]
Adjustments = Mapping[UUID, RefundAdjustment]
"""What a refund wanted credited, by invoice, and what was answered."""
Place = tuple[UUID, UUID | None]
"""An invoice, and the installment of it that was named, if one was."""


@dataclass(slots=True)
class Payment:
    """One payment: its amount is at every moment allocated to invoices, held as patient credit, or refunded.

    `parts` has what each invoice, or installment that was named, has of it, the latest last; `held` what is credit, and
    of which patient;
    `treatment_plan_id` says which plan the deposit is for, where it is (`PAY-3`); `same` which of those who are named
    here go on in another record of the register (`ALL-10`); `owners` whose money its parts were before they settled
    anything, where that was read: what is set free is theirs again (`PAY-21`).
    Every method changes the payment and the invoices that it is given, and returns what it did.
    """

    payment_id: UUID
    patient_id: UUID
    amount: Money
    method: Method
    method_label: str | None = None
    payer: Payer = field(default_factory=Payer)
    note: str | None = None
    group_id: UUID | None = None
    refunded_minor: int = 0
    taken_back_minor: int = 0
    status: Status = "recorded"
    version: int = 1
    parts: dict[Place, int] = field(default_factory=dict)
    held: dict[UUID, int] = field(default_factory=dict)
    standing_refunds: Sequence[UUID] = ()
    treatment_plan_id: UUID | None = None
    same: Mapping[UUID, UUID] = field(default_factory=dict)
    owners: Owners | None = None

    def person(self, patient_id: UUID) -> UUID:
        """The record of the register that a patient goes on in; mostly the same (`ALL-10`)."""
        return self.same.get(patient_id, patient_id)

    @property
    def own_person(self) -> UUID:
        """Whom it was paid for."""
        return self.person(self.patient_id)

    def holders_of(self, person: UUID) -> list[UUID]:
        """Under which records a person has credit of it: that of the payment first, where it is theirs."""
        found = [id_ for id_ in self.held if self.person(id_) == person]
        return sorted(found, key=lambda id_: (id_ != self.patient_id, id_))

    def held_by(self, person: UUID) -> int:
        """What a person has in credit of it, under whichever record."""
        return sum(self.held[id_] for id_ in self.holders_of(person))

    @property
    def allocations(self) -> dict[UUID, int]:
        """What each invoice has of it, the latest last."""
        found: dict[UUID, int] = {}
        for (invoice_id, _), minor in self.parts.items():
            found[invoice_id] = found.pop(invoice_id, 0) + minor
        return found

    @property
    def unallocated_minor(self) -> int:
        """What of it is patient credit, whoever's."""
        return sum(self.held.values())

    @property
    def others_minor(self) -> int:
        """What of it is other patients' credit: theirs to withdraw (`PAY-21`). An insurer's is its own (`INS-4`)."""
        if self.payer.kind == "insurer":
            return 0
        return self.unallocated_minor - self.held_by(self.own_person)

    @property
    def left_minor(self) -> int:
        """What of it the clinic still has."""
        return self.amount.minor - self.refunded_minor - self.taken_back_minor if self.status == "recorded" else 0

    @property
    def refundable_minor(self) -> int:
        """What of it can still be refunded: what its own patient holds, and what is allocated (`PAY-4`, `PAY-21`)."""
        return self.left_minor - self.others_minor if self.status == "recorded" else 0

    def record(self, shares: Sequence[Share]) -> Movement:
        """Allocate it as it comes in; what no invoice gets is the patient's credit (`PAY-2`)."""
        settlements = tuple(
            self._allocate(share.invoice, share.minor, installment_id=share.installment_id) for share in shares
        )
        surplus = self.amount.minor - sum(share.minor for share in shares)
        credit_changes = (self._hold(self.patient_id, surplus),) if surplus else ()
        return Movement(settlements, credit_changes, money_minor=self.amount.minor)

    def refund(
        self,
        amount: Money,
        invoices: Invoices,
        *,
        overpayment_only: bool,
        named: Sequence[NamedAllocation] = (),
    ) -> Movement:
        """Give money back, of what is named, then of the unallocated part; no outstanding changes (`PAY-4`, `PAY-19`).

        Raises PaymentReversed, RefundExceedsPayment, CreditHeldByOthers, RefundNeedsReason, and as `shares_of` does.
        """
        self.require_refundable(amount, overpayment_only=overpayment_only, named=named)
        from_named: list[Settlement] = []
        for one, minor in shares_of(named, amount, self.allocations):
            taken = self._take_from_allocations(minor, invoices, only=one.invoice_id)
            from_named += [replace(part, lines=one.lines, named=True) for part in taken]
        rest = amount.minor + sum(part.change_minor for part in from_named)
        credit_changes = self._take_from_credit(rest)
        rest += sum(change.change_minor for change in credit_changes)
        settlements = (*from_named, *self._take_from_allocations(rest, invoices))
        self.refunded_minor += amount.minor
        return Movement(settlements, credit_changes, money_minor=-amount.minor)

    def pay_out(self, holder: UUID, minor: int) -> Movement:
        """Give back what a patient holds of it, whoever's payment it is (`PAY-21`). Raises PaymentReversed."""
        self.require_recorded()
        self.refunded_minor += minor
        return Movement(credits=(self._hold(holder, -minor),), money_minor=-minor)

    def undo_refund(
        self, refund: Movement, invoices: Invoices, adjustments: Adjustments, taken_of: Mapping[Place, Sequence[Owned]]
    ) -> Movement:
        """Reverse a refund: the money is where it was, what is credited for it by now is undone (`PAY-5`, `PAY-20`).

        What had been taken from an invoice that is void by now, or that asks for less, becomes credit of whoever's it
        was (`PAY-21`): `taken_of` says whose money the refund took at each place. Raises PaymentReversed.
        """
        self.require_recorded()
        owned = {place: list(some) for place, some in taken_of.items()}
        settlements: list[Settlement] = []
        credit_changes = [self._hold(change.patient_id, -change.change_minor) for change in refund.credits]
        left = {invoice_id: one.counted_minor for invoice_id, one in adjustments.items()}
        for taken in refund.settlements:
            invoice = invoices[taken.invoice_id]
            credited = min(taken.credited_minor, left[taken.invoice_id])
            left[taken.invoice_id] -= credited
            restored = 0 if invoice.void else invoice.room_minor(credited, -taken.change_minor)
            if not invoice.void:
                settlements.append(self._allocate(invoice, restored, -credited, taken.installment_id))
            there = owned.get((taken.invoice_id, taken.installment_id), [])
            freed = self._holders(by_owner(take_latest(there, -taken.change_minor - restored)))
            take_earliest(there, restored)
            credit_changes += [self._hold(holder, minor) for holder, minor in freed.items()]
        for invoice_id, adjustment in adjustments.items():
            invoices[invoice_id].forget(adjustment)
        self.refunded_minor += refund.money_minor
        return Movement(tuple(settlements), tuple(credit_changes), money_minor=-refund.money_minor)

    def cancel(self, invoices: Invoices) -> Movement:
        """Reverse it as a mistake: all its allocations and all its credit go (`PAY-5`).

        Raises PaymentReversed, RefundStanding.
        """
        self.require_cancellable()
        return self._reverse("cancelled", invoices)

    def charge_back(self, invoices: Invoices) -> Movement:
        """The bank took it back, in full; what had been refunded already is the clinic's loss (`PAY-6`).

        Raises PaymentReversed, CashChargedBack.
        """
        self.require_taken_back()
        return self._reverse("charged_back", invoices)

    def be_taken_back(self, minor: int, invoices: Invoices, invoice_id: UUID | None = None) -> Movement:
        """The insurer that paid it took so much of it back (`INS-9`).

        First of what the invoice has that is named, then of what is credit, then of what was settled last. What
        invoices lose is asked for again; nobody credits it.

        Raises PaymentReversed. No more than `left_minor`.
        """
        self.require_recorded()
        settlements, left = self._leave(minor, invoices, invoice_id) if invoice_id else ([], minor)
        credit_changes = []
        for patient_id, held in list(self.held.items()):
            taken = min(left, held)
            if taken:
                credit_changes.append(self._hold(patient_id, -taken))
                left -= taken
        rest, _ = self._leave(left, invoices, None)
        self.taken_back_minor += minor
        return Movement((*settlements, *rest), tuple(credit_changes), money_minor=-minor)

    def undo_take_back(self, taken: Movement, invoices: Invoices) -> Movement:
        """Reverse a take-back that was a mistake: what it took is where it was (`PAY-5`, `INS-9`).

        What an invoice asks for no more by now, or never again as it is void, is the insurer's credit. Raises
        PaymentReversed.
        """
        self.require_recorded()
        settlements: list[Settlement] = []
        credit_changes = [self._hold(change.patient_id, -change.change_minor) for change in taken.credits]
        for part in reversed(taken.settlements):
            invoice = invoices[part.invoice_id]
            restored = 0 if invoice.void else invoice.room_minor(0, -part.change_minor)
            if restored:
                settlements.append(self._allocate(invoice, restored, installment_id=part.installment_id))
            if restored < -part.change_minor:
                credit_changes.append(self._hold(self.patient_id, -part.change_minor - restored))
        self.taken_back_minor += taken.money_minor
        return Movement(tuple(settlements), tuple(credit_changes), money_minor=-taken.money_minor)

    def _leave(self, wanted_minor: int, invoices: Invoices, only: UUID | None) -> tuple[list[Settlement], int]:
        """Take from invoices, the latest part first; `only` of one of them where it is given, else of all or none."""
        settlements: list[Settlement] = []
        for (invoice_id, installment_id), part in reversed(list(self.parts.items())):
            taken = min(wanted_minor, part) if only in (None, invoice_id) else 0
            if taken:
                settlements.append(self._allocate(invoices[invoice_id], -taken, installment_id=installment_id))
                wanted_minor -= taken
        return settlements, wanted_minor

    def require_refundable(
        self, amount: Money, *, overpayment_only: bool, named: Sequence[NamedAllocation] = ()
    ) -> None:
        """Raises as `refund` does, and AmountNotPositive (`PAY-4`, `PAY-21`)."""
        self.require_recorded()
        if amount.minor <= 0:
            raise AmountNotPositive
        left, others = Money(self.refundable_minor, amount.currency), Money(self.others_minor, amount.currency)
        if amount.minor > left.minor + others.minor:
            raise RefundExceedsPayment(self.payment_id, amount, left)
        if amount.minor > left.minor:
            raise CreditHeldByOthers(self.payment_id, left, others)
        unallocated = self.unallocated_minor - others.minor
        if overpayment_only and (named or amount.minor > unallocated):
            raise RefundNeedsReason(self.payment_id, Money(unallocated, amount.currency))
        shares_of(named, amount, self.allocations)

    def require_cancellable(self) -> None:
        """Raises PaymentReversed, RefundStanding, PartlyTakenBack (`PAY-5`)."""
        self.require_recorded()
        if self.refunded_minor:
            raise RefundStanding(self.payment_id, self.standing_refunds)
        if self.taken_back_minor:
            raise PartlyTakenBack(self.payment_id, Money(self.taken_back_minor, self.amount.currency))

    def require_taken_back(self) -> None:
        """A bank can have taken it back: an insurer's comes by one, too. Raises PaymentReversed, CashChargedBack."""
        self.require_recorded()
        if self.method == "cash":
            raise CashChargedBack(self.payment_id)

    def require_recorded(self) -> None:
        """Raises PaymentReversed."""
        if self.status != "recorded":
            raise PaymentReversed(self.payment_id, self.status)

    def release(self, invoice: InvoiceBalance, minor: int) -> list[Freed]:
        """Turn what an invoice has of it, the latest first, into credit of whoever's it was (`INV-9`, `PAY-21`)."""
        freed: list[Freed] = []
        for place, part in reversed(list(self.parts.items())):
            taken = min(minor, part) if place[0] == invoice.invoice_id else 0
            freed += self.set_free(place, taken, invoice)
            minor -= taken
        return freed

    def set_free(self, place: Place, minor: int, invoice: InvoiceBalance) -> list[Freed]:
        """Turn an amount of what one place has of it into credit of whoever's it was before it settled anything."""
        whose = self._whose(place, minor)
        return [self.take_back(holder, invoice, part, place[1]) for holder, part in whose.items()]

    def owners_on(self, invoice_id: UUID) -> set[UUID]:
        """Whose credit it may become if all that the invoice has of it is set free."""
        parts = [(place, part) for place, part in self.parts.items() if place[0] == invoice_id]
        return {holder for place, part in parts for holder in self._whose(place, part)}

    def apply(
        self, patient_id: UUID, invoice: InvoiceBalance, minor: int, installment_id: UUID | None = None
    ) -> tuple[Settlement, CreditChange]:
        """Settle an invoice, perhaps one installment of it, from what a patient holds of it (`PAY-3`)."""
        settlement = self._allocate(invoice, minor, installment_id=installment_id, owner=patient_id)
        return settlement, self._hold(patient_id, -minor)

    def take_back(
        self, patient_id: UUID, invoice: InvoiceBalance, minor: int, installment_id: UUID | None = None
    ) -> tuple[Settlement, CreditChange]:
        """Undo `apply`: what an invoice has of it is the patient's credit again, and is asked for again (`PAY-5`)."""
        return self.apply(patient_id, invoice, -minor, installment_id)

    def move(self, source: Place, target: Place, minor: int, invoices: Invoices) -> tuple[Settlement, Settlement]:
        """Let another invoice, or another installment, have what one has of it (`PAY-13`)."""
        left = self._allocate(invoices[source[0]], -minor, installment_id=source[1])
        return left, self._allocate(invoices[target[0]], minor, installment_id=target[1])

    def hand_over(self, from_patient: UUID, to_patient: UUID, minor: int) -> tuple[CreditChange, CreditChange]:
        """Let another patient hold a part of it (`PAY-3`)."""
        return self._hold(from_patient, -minor), self._hold(to_patient, minor)

    def _reverse(self, status: Status, invoices: Invoices) -> Movement:
        settlements = tuple(
            self._allocate(invoices[invoice_id], -minor, installment_id=installment_id)
            for (invoice_id, installment_id), minor in list(self.parts.items())
        )
        credit_changes = tuple(self._hold(patient_id, -minor) for patient_id, minor in list(self.held.items()))
        self.status = status
        gone = self.refunded_minor + self.taken_back_minor
        return Movement(settlements, credit_changes, -self.amount.minor, loss_minor=gone)

    def _take_from_credit(self, wanted_minor: int) -> tuple[CreditChange, ...]:
        """From what its own patient holds; of an insurer's, then from what is held for others (`INS-4`)."""
        own = self.holders_of(self.own_person)
        others = sorted(self.held.keys() - set(own)) if self.payer.kind == "insurer" else []
        changes = []
        for holder in (*own, *others):
            taken = min(wanted_minor, self.held[holder])
            if taken:
                changes.append(self._hold(holder, -taken))
                wanted_minor -= taken
        return tuple(changes)

    def _take_from_allocations(
        self, wanted_minor: int, invoices: Invoices, only: UUID | None = None
    ) -> tuple[Settlement, ...]:
        """From what was settled last to what was settled first, each with its credit note (`PAY-4`)."""
        settlements = []
        for (invoice_id, installment_id), minor in reversed(list(self.parts.items())):
            taken = min(wanted_minor, minor) if only in (None, invoice_id) else 0
            if taken:
                settlements.append(self._allocate(invoices[invoice_id], -taken, taken, installment_id))
                wanted_minor -= taken
        return tuple(settlements)

    def _allocate(
        self,
        invoice: InvoiceBalance,
        minor: int,
        credited_minor: int = 0,
        installment_id: UUID | None = None,
        owner: UUID | None = None,
    ) -> Settlement:
        place = (invoice.invoice_id, installment_id)
        left = self.parts.pop(place, 0) + minor
        if left:
            self.parts[place] = left
        if self.owners is not None:
            self.owners.follow(place, minor, owner or self.patient_id)
        return Settlement.on(invoice, self.payment_id, minor, credited_minor, installment_id)

    def _whose(self, place: Place, minor: int) -> dict[UUID, int]:
        """Whose an amount is that leaves a place."""
        if minor and self.owners is None:
            raise TypeError("it was not read whose money the payment's parts are")
        return self._holders(self.owners.latest(place, minor)) if self.owners else {}

    def _holders(self, whose: dict[UUID, int]) -> dict[UUID, int]:
        """Who holds it as credit. An insurer's is the insurer's, and held where it came (`INS-4`)."""
        minor = sum(whose.values())
        return {self.patient_id: minor} if minor and self.payer.kind == "insurer" else whose

    def _hold(self, patient_id: UUID, minor: int) -> CreditChange:
        left = self.held.pop(patient_id, 0) + minor
        if left:
            self.held[patient_id] = left
        return CreditChange(self.payment_id, patient_id, minor)
