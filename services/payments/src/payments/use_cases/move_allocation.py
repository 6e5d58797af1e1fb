"""Move what a payment settles to another invoice, another installment or credit, without cancelling it (`PAY-13`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.allocation import require_currency_of
from payments.domain.allocation_move import move_allocation as decide_move
from payments.domain.errors import InvoiceIsVoid, InvoiceUnknown, PaymentUnknown, WrongCurrency
from payments.domain.installment import require_installment
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Place
from payments.persistence import clinics, installments, settlements
from payments.use_cases.lock_with_credit import lock_with_given
from payments.use_cases.posting import decision_for, lock_holders, post, transaction_for
from payments.use_cases.settle_from_given import settle_from_given


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAllocation:
    """What of which payment goes where, and why.

    An invoice without an installment is all that the payment has there. Without a target it becomes credit again;
    without an amount it is all of it.
    """

    payment_id: UUID
    source: Place
    target: Place | None
    amount: Money | None
    reason: str


async def move_allocation(work: Work, command: MoveAllocation) -> Posted:
    """Move it, as a transaction of its own.

    Raises PaymentUnknown, WrongCurrency, PaymentReversed, InvoiceUnknown, InstallmentUnknown, InvoiceIsVoid,
    AmountNotPositive, MovedToItself, NothingThere, MoreThanIsThere, MoreThanOutstanding.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.amount is not None and command.amount.currency != clinic.currency:
        raise WrongCurrency(clinic.currency)
    ends = {invoice_id for invoice_id, _ in (command.source, command.target or command.source)}
    locked, found = await lock_with_given(work, {command.payment_id}, ends)
    payment = found.get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    await _require_known(work, command, locked, clinic.currency)
    if command.target is None:
        await settlements.read_owners(work.connection, [payment])
    movement = decide_move(payment, command.source, command.target, command.amount, locked)
    await lock_holders(work, found.values(), {part.patient_id for part in movement.credits})
    minor = -sum(part.change_minor for part in movement.settlements if part.change_minor < 0)
    fact = transaction_for(work, clinic, payment, "allocation_move", minor)
    decided = decision_for(payment, replace(fact, reason=command.reason), movement)
    (posted,) = await post(work, [decided], [payment], locked)
    await settle_from_given(work, locked, found)
    return posted


async def _require_known(
    work: Work, command: MoveAllocation, locked: Mapping[UUID, InvoiceBalance], currency: str
) -> None:
    """See that what is named is there."""
    named = {"from": command.source} | ({} if command.target is None else {"to": command.target})
    for field, (invoice_id, _) in named.items():
        if invoice_id not in locked:
            raise InvoiceUnknown(invoice_id, f"{field}.invoice_id")
    if command.target is not None:
        target = locked[command.target[0]]
        if target.void:
            raise InvoiceIsVoid(target.invoice_id, target.number, "to.invoice_id")
        require_currency_of(target, currency, "to.invoice_id")
        plans = await installments.of_invoices(work.connection, [target.invoice_id])
        require_installment(*command.target, plans, "to.installment_id")
