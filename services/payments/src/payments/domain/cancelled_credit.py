"""Patient credit that was applied or transferred by mistake, and is taken back (`PAY-5`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation_history import Place, Settled, place_of
from payments.domain.cancellation_errors import ApplicationUndone, RefundStanding, TransferSpent
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.payment import Payment
from payments.domain.transaction import Transaction


def take_back_application(
    application: Transaction,
    parts: Sequence[Settlement],
    payments: Mapping[UUID, Payment],
    invoices: Mapping[UUID, InvoiceBalance],
    settled: Mapping[Place, Settled],
) -> Movement:
    """Let what an application still settles leave its invoices and be credit of whoever's it was.

    `parts` is what it settled, `settled` what is settled there now, and by whom. Raises RefundStanding where some of it
    was refunded: cancel the refund first. Raises ApplicationUndone where nothing of it is left on an invoice.
    """
    for part in parts:
        require_no_refund(application.transaction_id, payments[part.payment_id], settled[place_of(part)])
    settlements: list[Settlement] = []
    credit_changes: list[CreditChange] = []
    for part in reversed(parts):
        minor = settled[place_of(part)].parts[application.transaction_id]
        if minor:
            settlement, change = payments[part.payment_id].take_back(
                application.patient_id, invoices[part.invoice_id], minor, part.installment_id
            )
            settlements.append(settlement)
            credit_changes.append(change)
    if not settlements:
        raise ApplicationUndone(application.transaction_id, [part.invoice_id for part in parts])
    return Movement(tuple(settlements), tuple(credit_changes))


def require_no_refund(application_id: UUID, payment: Payment, there: Settled) -> None:
    """See that no standing refund took what a transaction settled there. Raises RefundStanding."""
    if payment.status == "recorded":
        refunds = [
            refund_id for refund_id in payment.standing_refunds if there.taken.get(refund_id, {}).get(application_id)
        ]
        if refunds:
            raise RefundStanding(payment.payment_id, refunds)


def take_back_transfer(
    into: Transaction, giver: UUID, transferred: Movement, payments: Mapping[UUID, Payment]
) -> Movement:
    """Hand transferred credit back to whoever gave it. Raises TransferSpent unless all of it is still held."""
    taker = into.patient_id
    gained = [part for part in transferred.credits if part.patient_id == taker]
    left = sum(min(part.change_minor, payments[part.payment_id].held.get(taker, 0)) for part in gained)
    if left < into.amount.minor:
        raise TransferSpent(into.transaction_id, into.amount, Money(left, into.amount.currency))
    changes = (payments[part.payment_id].hand_over(taker, giver, part.change_minor) for part in gained)
    return Movement(credits=tuple(change for both in changes for change in both))
