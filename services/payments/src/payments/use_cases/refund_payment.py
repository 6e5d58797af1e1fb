"""Refund a payment, in full or part, without raising what any invoice asks for (`PAY-4`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.clinic import Clinic
from payments.domain.credit_errors import CreditHeldByOthers
from payments.domain.errors import PaymentUnknown, WrongCurrency
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.named_allocation import NamedAllocation
from payments.domain.payment import Payment
from payments.domain.refund_errors import NothingToRefund
from payments.domain.refund_request import ReasonCode
from payments.domain.refundable_lines import RefundableLines, take_named_lines
from payments.domain.transaction import Method, Transaction
from payments.persistence import clinics, invoices, payments, refundable_lines
from payments.use_cases.compare_with_limit import compare_with_limit
from payments.use_cases.posting import Decision, decision_for, lock_holders, post, transaction_for


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTerms:
    """Why money goes back, and how, where that is not how the payment came; `request_id` where it was approved.

    `named` is what it comes from, where it is said (`PAY-19`).
    """

    reason_code: ReasonCode
    reason: str | None = None
    method: Method | None = None
    method_label: str | None = None
    request_id: UUID | None = None
    named: tuple[NamedAllocation, ...] = ()

    @property
    def overpayment_only(self) -> bool:
        """Whether only what settles nothing goes back (`PAY-4`)."""
        return self.reason_code == "overpayment"

    @property
    def of_lines(self) -> set[UUID]:
        """The invoices of which lines are named."""
        return {allocation.invoice_id for allocation in self.named if allocation.lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment:
    """How much of which payment goes back (all that is left of it, when not said), and on which terms."""

    payment_id: UUID
    amount: Money | None
    terms: RefundTerms


async def refund_payment(work: Work, command: RefundPayment) -> Posted:
    """Refund a payment.

    Raises PaymentUnknown, WrongCurrency, PaymentReversed, AmountNotPositive, RefundExceedsPayment, CreditHeldByOthers,
    RefundNeedsReason, NothingToRefund, LineUnknown, LinesHaveLess, and RefundNeedsApproval where it is above the limit
    and no request was approved.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    payment = (await payments.lock(work.connection, [command.payment_id])).get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    amount = require_refund(payment, command.amount, command.terms)
    alone = command.terms.request_id is None
    above = await compare_with_limit(work, clinic, [(payment, amount.minor)]) if alone else {}
    locked = await invoices.lock(work.connection, payment.allocations)
    lines = await refundable_lines.lock(work.connection, command.terms.of_lines)
    await lock_holders(work, [payment])
    decided = decide_refund(work, clinic, payment, Decidable(locked, lines), amount, command.terms)
    if above:
        raise above[payment.payment_id]
    await refundable_lines.save_pending(work.connection, lines.values())
    (posted,) = await post(work, [decided], [payment], locked)
    return posted


def require_refund(payment: Payment, amount: Money | None, terms: RefundTerms) -> Money:
    """What of a locked payment goes back: what was named, else all that is left.

    Raises as `refund_payment` does, but for the limit.
    """
    if amount is None:
        payment.require_recorded()
        amount = Money(payment.refundable_minor, payment.amount.currency)
        if amount.minor == 0 and payment.others_minor:
            raise CreditHeldByOthers(payment.payment_id, amount, Money(payment.others_minor, amount.currency))
        if amount.minor == 0:
            raise NothingToRefund(payment.payment_id)
    if amount.currency != payment.amount.currency:
        raise WrongCurrency(payment.amount.currency)
    payment.require_refundable(amount, overpayment_only=terms.overpayment_only, named=terms.named)
    return amount


@dataclass(frozen=True, slots=True)
class Decidable:
    """The locked invoices that a refund may take from, and what is left of the lines of those that it names."""

    invoices: Mapping[UUID, InvoiceBalance]
    lines: Mapping[UUID, RefundableLines]


def decide_refund(
    work: Work, clinic: Clinic, payment: Payment, locked: Decidable, amount: Money, terms: RefundTerms
) -> Decision:
    """The refund of a locked payment: of what its own patient holds, then of what is allocated.

    Raises LineUnknown, LinesHaveLess.
    """
    movement = payment.refund(amount, locked.invoices, overpayment_only=terms.overpayment_only, named=terms.named)
    transaction = refund_of(work, clinic, payment, amount.minor, terms)
    take_named_lines(transaction.transaction_id, movement, terms.named, locked.lines)
    return decision_for(payment, transaction, movement)


def refund_of(work: Work, clinic: Clinic, payment: Payment, minor: int, terms: RefundTerms) -> Transaction:
    """The transaction of a refund on these terms."""
    return replace(
        transaction_for(work, clinic, payment, "refund", minor),
        method=terms.method or payment.method,
        method_label=terms.method_label if terms.method else payment.method_label,
        reason_code=terms.reason_code,
        reason=terms.reason,
        request_id=terms.request_id,
    )
