"""Patient credit: money received and not allocated, spent oldest payment first (`PAY-3`).

A patient is named by the record of the register that goes on; what other records of the same patient hold is gathered
before it is spent (`ALL-10`).

A deposit for a treatment plan is spent on that plan's invoices before any other credit. Of itself it settles nothing
else; where the clerk names an invoice of no such plan, it is what is taken last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation import Share
from payments.domain.credit_errors import CreditInsufficient, NothingToSettle
from payments.domain.errors import AmountNotPositive
from payments.domain.installment import Asking
from payments.domain.insurers_part import NOTHING, InsurersPart, surplus_of
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Freed, Movement, Settlement, by_holder
from payments.domain.payment import Payment
from payments.domain.transaction import Method, PayerKind, Transaction

Part = tuple[Payment, int]
"""A payment, and how much of it."""


def balance_minor(payments: Sequence[Payment], patient_id: UUID) -> int:
    """What a patient holds of these payments."""
    return sum(payment.held_by(patient_id) for payment in payments)


def require_credit(payments: Sequence[Payment], patient_id: UUID, amount: Money) -> None:
    """Raises AmountNotPositive, CreditInsufficient."""
    if amount.minor <= 0:
        raise AmountNotPositive
    balance = balance_minor(payments, patient_id)
    if amount.minor > balance:
        raise CreditInsufficient(amount, Money(balance, amount.currency))


@dataclass(slots=True)
class Purse:
    """What is left of a patient's credit while it is decided what it is spent on; the payments stay as they are."""

    payments: Sequence[Payment]
    patient_id: UUID
    left: dict[UUID, int] = field(init=False)

    def __post_init__(self) -> None:
        self.left = {payment.payment_id: payment.held_by(self.patient_id) for payment in self.payments}

    def spend(self, invoice: InvoiceBalance, wanted_minor: int, *, named: bool) -> int:
        """Spend up to an amount on an invoice; returns how much there was for it."""
        spent = 0
        for payment in preferred(self.payments, invoice, named=named):
            minor = min(wanted_minor - spent, self.left[payment.payment_id])
            self.left[payment.payment_id] -= minor
            spent += minor
        return spent


def preferred(payments: Sequence[Payment], invoice: InvoiceBalance, *, named: bool) -> list[Payment]:
    """The order in which credit is taken for an invoice: its plans', then that of no plan, then others' where named.

    Within each, the oldest payment first.
    """

    def turn(payment: Payment) -> int:
        if payment.treatment_plan_id is None:
            return 1
        return 0 if payment.treatment_plan_id in invoice.treatment_plan_ids else 2

    return sorted((payment for payment in payments if named or turn(payment) < 2), key=turn)  # noqa: PLR2004 - the third of three


def share_out(payments: Sequence[Payment], patient_id: UUID, amount: Money, asking: Sequence[Asking]) -> list[Share]:
    """What each invoice or installment gets of an amount of credit, in this order, where nobody named any."""
    purse = Purse(payments, patient_id)
    left = amount.minor
    shares: list[Share] = []
    for part in asking:
        minor = purse.spend(part.invoice, min(left, part.minor), named=False)
        left -= minor
        if minor:
            shares.append(Share(part.invoice, minor, part.installment_id))
    return shares


def apply_credit(
    payments: Sequence[Payment], patient_id: UUID, shares: Sequence[Share], *, named: bool = True
) -> Movement:
    """Settle invoices from a patient's credit, of the preferred payment first. Raises NothingToSettle."""
    settlements: list[Settlement] = []
    credit_changes: list[CreditChange] = []
    for share in shares:
        for payment, minor in draw(preferred(payments, share.invoice, named=named), patient_id, share.minor):
            settlement, change = payment.apply(patient_id, share.invoice, minor, share.installment_id)
            settlements.append(settlement)
            credit_changes.append(change)
    if not settlements:
        raise NothingToSettle
    return Movement(tuple(settlements), tuple(credit_changes))


def gather_credit(payments: Sequence[Payment], patient_id: UUID) -> dict[UUID, Movement]:
    """Hand what other records of a patient hold of these payments to the one that goes on; by the other record."""
    changes: dict[UUID, list[CreditChange]] = {}
    for payment in payments:
        for holder in payment.holders_of(patient_id):
            if holder != patient_id:
                changes.setdefault(holder, []).extend(payment.hand_over(holder, patient_id, payment.held[holder]))
    return {holder: Movement(credits=tuple(changes[holder])) for holder in sorted(changes)}


def transfer_credit(payments: Sequence[Payment], from_patient: UUID, to_patient: UUID, amount: Money) -> Movement:
    """Hand credit to another patient. Raises AmountNotPositive, CreditInsufficient."""
    require_credit(payments, from_patient, amount)
    credit_changes: list[CreditChange] = []
    for payment, minor in draw(payments, from_patient, amount.minor):
        credit_changes.extend(payment.hand_over(from_patient, to_patient, minor))
    return Movement(credits=tuple(credit_changes))


def release_surplus(
    payments: Sequence[Payment], invoice: InvoiceBalance, part: InsurersPart = NOTHING, *, insurers_first: bool = False
) -> dict[UUID, Movement]:
    """Turn what is settled beyond what an invoice asks for into credit of whoever paid beyond their part (`INV-9`).

    By whose credit it is: whoever's it was before it settled the invoice (`PAY-21`).
    `insurers_first`: what a contract takes off, the insurer decided together with what it pays, and that is heard right
    after it: its money then settles its part again, and whoever else paid of that part gets it back. The other way
    round, a patient who had paid just the patient's part would be asked for it anew (`INS-4`).
    """
    freed: list[Freed] = []
    for payment, there in _giving(payments, invoice, part, insurers_first=insurers_first):
        freed += payment.release(invoice, min(invoice.surplus_minor, there))
    return by_holder(freed)


def _giving(
    payments: Sequence[Payment], invoice: InvoiceBalance, part: InsurersPart, *, insurers_first: bool
) -> list[Part]:
    """What of each payment makes way at most, in this order."""
    latest_first = list(reversed(payments))
    if insurers_first:
        latest_first.sort(key=lambda payment: payment.payer.kind != "insurer")
        return [(payment, payment.allocations.get(invoice.invoice_id, 0)) for payment in latest_first]
    surplus = surplus_of(part, payments, invoice)
    return [(payment, surplus.get(payment.payment_id, 0)) for payment in latest_first]


def draw(payments: Sequence[Payment], patient_id: UUID, wanted_minor: int) -> list[Part]:
    """Which payments an amount of a patient's credit is taken from, in their order."""
    drawn: list[Part] = []
    for payment in payments:
        minor = min(wanted_minor, payment.held_by(patient_id))
        if minor:
            drawn.append((payment, minor))
            wanted_minor -= minor
    return drawn


def credit_change(transaction: Transaction, movement: Movement) -> int:
    """By how much a transaction changed its patient's credit.

    What a refund of a patient's own money takes is that patient's, under whichever record it is held (`ALL-10`).
    """
    if transaction.kind in ("refund", "refund_cancellation") and transaction.payer.kind != "insurer":
        return sum(change.change_minor for change in movement.credits)
    return movement.credit_change_of(transaction.patient_id)


@dataclass(frozen=True, slots=True)
class InsurersCredit:
    """What an insurer overpaid for a patient, in minor units."""

    payer_id: UUID | None
    payer_name: str | None
    minor: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What a patient has in credit, how much of it is deposits for which treatment plan, and what insurers overpaid."""

    balance_minor: int
    by_plan: Sequence[tuple[UUID, int]]
    insurers: Sequence[InsurersCredit] = ()


@dataclass(frozen=True, slots=True)
class CreditPart:
    """What of a payment a patient has in credit; `paid_for` is the payment's own patient."""

    payment_id: UUID
    minor: int
    amount_minor: int
    paid_for: UUID
    payer_kind: PayerKind
    payer_id: UUID | None
    payer_name: str | None
    method: Method
    method_label: str | None
    treatment_plan_id: UUID | None
    received_at: datetime | None
    recorded_at: datetime
