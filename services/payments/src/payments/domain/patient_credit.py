"""Patient credit: money received and not allocated, spent oldest payment first (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation import Share
from payments.domain.errors import AmountNotPositive, CreditInsufficient, NothingToSettle
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.payment import Payment


def balance_minor(payments: Sequence[Payment], patient_id: UUID) -> int:
    """What a patient holds of these payments."""
    return sum(payment.held.get(patient_id, 0) for payment in payments)


def require_credit(payments: Sequence[Payment], patient_id: UUID, amount: Money) -> None:
    """Raises AmountNotPositive, CreditInsufficient."""
    if amount.minor <= 0:
        raise AmountNotPositive
    balance = balance_minor(payments, patient_id)
    if amount.minor > balance:
        raise CreditInsufficient(amount, Money(balance, amount.currency))


def apply_credit(payments: Sequence[Payment], patient_id: UUID, shares: Sequence[Share]) -> Movement:
    """Settle invoices from a patient's credit, of the oldest payment first. Raises NothingToSettle."""
    settlements: list[Settlement] = []
    credit_changes: list[CreditChange] = []
    for share in shares:
        for payment, minor in _draw(payments, patient_id, share.minor):
            settlement, change = payment.apply(patient_id, share.invoice, minor)
            settlements.append(settlement)
            credit_changes.append(change)
    if not settlements:
        raise NothingToSettle
    return Movement(tuple(settlements), tuple(credit_changes))


def transfer_credit(payments: Sequence[Payment], from_patient: UUID, to_patient: UUID, amount: Money) -> Movement:
    """Hand credit to another patient. Raises AmountNotPositive, CreditInsufficient."""
    require_credit(payments, from_patient, amount)
    credit_changes: list[CreditChange] = []
    for payment, minor in _draw(payments, from_patient, amount.minor):
        credit_changes.extend(payment.hand_over(from_patient, to_patient, minor))
    return Movement(credits=tuple(credit_changes))


def release_surplus(payments: Sequence[Payment], invoice: InvoiceBalance) -> Movement:
    """Turn what is settled beyond what an invoice asks for into credit, of the latest payment first (`INV-9`)."""
    settlements: list[Settlement] = []
    credit_changes: list[CreditChange] = []
    for payment in reversed(payments):
        minor = min(invoice.surplus_minor, payment.allocations.get(invoice.invoice_id, 0))
        if minor:
            settlement, change = payment.release(invoice, minor)
            settlements.append(settlement)
            credit_changes.append(change)
    return Movement(tuple(settlements), tuple(credit_changes))


def oldest_due_first(invoices: Sequence[InvoiceBalance]) -> list[InvoiceBalance]:
    """The order in which credit settles invoices that nobody named (`PAY-3`)."""
    return sorted(invoices, key=lambda invoice: (invoice.due_date, invoice.number, invoice.invoice_id))


def _draw(payments: Sequence[Payment], patient_id: UUID, wanted_minor: int) -> list[tuple[Payment, int]]:
    drawn: list[tuple[Payment, int]] = []
    for payment in payments:
        minor = min(wanted_minor, payment.held.get(patient_id, 0))
        if minor:
            drawn.append((payment, minor))
            wanted_minor -= minor
    return drawn
