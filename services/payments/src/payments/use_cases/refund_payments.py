"""Refund several selected payments: all of them, or none (`PAY-7`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.clinic import Clinic
from payments.domain.errors import PaymentsError, PaymentUnknown, SelectionRefused
from payments.domain.named_allocation import NamedAllocation
from payments.domain.payment import Payment
from payments.persistence import clinics, invoices, payments, refundable_lines
from payments.use_cases.compare_with_limit import compare_with_limit
from payments.use_cases.posting import Decision, lock_holders, post
from payments.use_cases.refund_payment import Decidable, RefundTerms, decide_refund, require_refund


@dataclass(frozen=True, slots=True)
class RefundPayments:
    """Which payments are refunded, how much of each (all that is left of it, when not said), on which terms.

    Each is named once; `named` is what the money of each comes from, where that is said (`PAY-19`).
    """

    amounts: dict[UUID, Money | None]
    terms: RefundTerms
    named: Mapping[UUID, tuple[NamedAllocation, ...]] = field(default_factory=dict)

    def terms_of(self, payment_id: UUID) -> RefundTerms:
        """The terms on which one of them is refunded."""
        return replace(self.terms, named=self.named.get(payment_id, ()))


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
    of_lines = {invoice_id for payment_id in amounts for invoice_id in command.terms_of(payment_id).of_lines}
    lines = await refundable_lines.lock(work.connection, of_lines)
    await lock_holders(work, locked.values())
    decided = _decide(work, clinic, command, amounts, locked, Decidable(settled, lines))
    await refundable_lines.save_pending(work.connection, lines.values())
    return await post(work, decided, locked.values(), settled)


def _decide(
    work: Work,
    clinic: Clinic,
    command: RefundPayments,
    amounts: Mapping[UUID, Money],
    locked: Mapping[UUID, Payment],
    of: Decidable,
) -> list[Decision]:
    """Each in turn: what one takes of a line, the next has not. Each that cannot be refunded is named."""
    decided: list[Decision] = []
    failures: dict[UUID, PaymentsError] = {}
    for payment_id, amount in amounts.items():
        try:
            decided.append(decide_refund(work, clinic, locked[payment_id], of, amount, command.terms_of(payment_id)))
        except PaymentsError as refusal:
            failures[payment_id] = refusal
    if failures:
        raise SelectionRefused(failures)
    return decided


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
            amounts[payment_id] = require_refund(locked[payment_id], amount, command.terms_of(payment_id))
        except PaymentsError as refusal:
            failures[payment_id] = refusal
    wanted = [(locked[payment_id], amount.minor) for payment_id, amount in amounts.items()]
    failures |= await compare_with_limit(work, clinic, wanted)
    if failures:
        raise SelectionRefused(failures)
    return amounts
