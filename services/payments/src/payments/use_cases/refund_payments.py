"""Refund several selected payments: all of them, or none (`PAY-7`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.errors import PaymentsError, PaymentUnknown, SelectionRefused
from payments.domain.payment import Payment
from payments.persistence import clinics, invoices, payments
from payments.persistence.clinics import Clinic
from payments.use_cases.booking import lock_holders, write_down
from payments.use_cases.compare_with_limit import compare_with_limit
from payments.use_cases.refund_payment import RefundTerms, decide_refund, require_refund


@dataclass(frozen=True, slots=True)
class RefundPayments:
    """Which payments are refunded, how much of each (all that is left of it, when not said), on which terms.

    Each is named once.
    """

    amounts: dict[UUID, Money | None]
    terms: RefundTerms


async def refund_payments(work: Work, command: RefundPayments) -> list[Posted]:
    """Refund them; returns the refunds in the order selected.

    Raises SelectionRefused, naming each that cannot be refunded, or not without a second person.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    locked = await payments.lock(work.connection, command.amounts)
    amounts = await _require(work, clinic, command, locked)
    settled = await invoices.lock(
        work.connection, {invoice_id for payment in locked.values() for invoice_id in payment.allocations}
    )
    await lock_holders(work, locked.values())
    decided = [
        decide_refund(work, clinic, locked[payment_id], settled, amount, command.terms)
        for payment_id, amount in amounts.items()
    ]
    return await write_down(work, decided, locked.values(), settled)


async def _require(
    work: Work, clinic: Clinic, command: RefundPayments, locked: dict[UUID, Payment]
) -> dict[UUID, Money]:
    """How much of each goes back. Each that cannot be refunded is named, and each that needs a second person."""
    amounts: dict[UUID, Money] = {}
    failures: dict[UUID, PaymentsError] = {}
    for payment_id, amount in command.amounts.items():
        try:
            if payment_id not in locked:
                raise PaymentUnknown(payment_id)
            amounts[payment_id] = require_refund(locked[payment_id], amount, command.terms)
        except PaymentsError as refusal:
            failures[payment_id] = refusal
    wanted = [(locked[payment_id], amount.minor) for payment_id, amount in amounts.items()]
    failures |= await compare_with_limit(work, clinic, wanted)
    if failures:
        raise SelectionRefused(failures)
    return amounts
