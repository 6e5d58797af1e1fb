"""What payments tells the world: a domain fact becomes a contract event here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from chassis.database import Work
from chassis.money import Money
from contracts.credit_held import CreditHeld, HeldCredit
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CancellationApproved,
    CancellationRejected,
    CancellationRequested,
    CreditApplicationCancelled,
    CreditApplied,
    CreditChange,
    CreditTransferred,
    InsurerAdjusted,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    PaymentTakenBack,
    PlanVersion,
    RefundApproved,
    RefundCancelled,
    RefundedLine,
    RefundRejected,
    RefundRequested,
    SettlementChange,
    TakeBackCancelled,
)
from contracts.payments import Payer as PayerPart
from contracts.provider_adjustments import meaning_of

from contracts import Actor, Amount
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.refund_request import RefundRequest
from payments.domain.transaction import Kind, Transaction


@dataclass(frozen=True, slots=True)
class Posted:
    """A transaction that was posted: what it did, and its patient's credit after it, in minor units."""

    clinic_id: UUID
    transaction: Transaction
    movement: Movement
    credit_change_minor: int
    credit_balance_minor: int


@dataclass(frozen=True, slots=True)
class PostedOnPayment(Posted):
    """One about a payment, which is as it is right after it."""

    payment: Payment = field(kw_only=True)


def announce_transaction(work: Work, posted: Posted) -> None:
    """Announce any transaction but a release, as the event of its kind."""
    kind, shared = posted.transaction.kind, _shared(posted)
    if isinstance(posted, PostedOnPayment):
        payment = posted.payment
        event = _EVENTS_OF_PAYMENTS[kind](posted, shared | _of_payment(posted))
        work.announce(event, subject=payment.payment_id, sequence=payment.version)
    else:
        work.announce(_EVENTS[kind](posted, shared), subject=posted.transaction.transaction_id, sequence=1)


def announce_release(work: Work, posted: Posted) -> None:
    """Announce that what was settled became credit, as a document crossed it (`PAY-11`)."""
    transaction = posted.transaction
    event = AllocationReleased(
        clinic_id=posted.clinic_id,
        occurred_at=transaction.recorded_at,
        release_id=transaction.transaction_id,
        patient_id=transaction.patient_id,
        cause="invoice_voided" if transaction.reason_code == "invoice_voided" else "invoice_credited",
        exact_cause=transaction.reason_code,
        settlements=_settlements(posted),
        patient_credit_change=_amount(posted.credit_change_minor, transaction.amount.currency),
        patient_credit_balance=_amount(posted.credit_balance_minor, transaction.amount.currency),
        credit_changes=_credit_changes(posted),
        by=Actor(subject=transaction.recorded_by, reason=transaction.reason),
    )
    work.announce(event, subject=transaction.transaction_id, sequence=1)


def announce_credit_held(work: Work, clinic_id: UUID, patient_id: UUID, amounts: Mapping[UUID, Money]) -> None:
    """Announce what a patient holds as credit, by payment (`PAY-3`)."""
    parts = tuple(
        HeldCredit(payment_id=payment_id, amount=_amount(held.minor, held.currency))
        for payment_id, held in amounts.items()
    )
    event = CreditHeld(clinic_id=clinic_id, occurred_at=work.now, patient_id=patient_id, parts=parts)
    work.announce(event, subject=patient_id, sequence=1)


def announce_request(work: Work, request: RefundRequest) -> None:
    """Announce that something was requested, approved (and carried out), or will not be made (`ALL-5`, `PAY-15`)."""
    event = _cancellation_request(work, request) if request.kind == "cancellation" else _refund_request(work, request)
    work.announce(event, subject=request.request_id, sequence=request.version)


def _refund_request(work: Work, request: RefundRequest) -> RefundRequested | RefundApproved | RefundRejected:
    shared = _of_request(work, request) | {"kind": request.kind}
    if request.state == "requested":
        return RefundRequested(**shared, limit=_amount(request.limit.minor, request.limit.currency))
    by = request.requested_by
    if request.state == "completed":
        return RefundApproved(**shared, requested_by=by, transaction_ids=tuple(request.transaction_ids))
    return RefundRejected(**shared, requested_by=by, outcome=request.state)


def _cancellation_request(
    work: Work, request: RefundRequest
) -> CancellationRequested | CancellationApproved | CancellationRejected:
    shared = _of_request(work, request)
    if request.state == "requested":
        return CancellationRequested(**shared, limit=_amount(request.limit.minor, request.limit.currency))
    by = request.requested_by
    if request.state == "completed":
        return CancellationApproved(**shared, requested_by=by, transaction_id=request.transaction_ids[0])
    return CancellationRejected(**shared, requested_by=by, outcome=request.state)


def _of_request(work: Work, request: RefundRequest) -> dict[str, Any]:
    reason = request.reason if request.state in ("requested", "completed") else request.decision_reason
    return {
        "clinic_id": work.clinic_id,
        "occurred_at": work.now,
        "request_id": request.request_id,
        "patient_id": request.patient_id,
        "payment_id": request.payment_id,
        "amount": _amount(request.amount.minor, request.amount.currency),
        "by": Actor(subject=work.actor, reason=reason),
    }


def _shared(posted: Posted) -> dict[str, Any]:
    transaction = posted.transaction
    currency = transaction.amount.currency
    payer = transaction.payer
    return {
        "clinic_id": posted.clinic_id,
        "occurred_at": transaction.recorded_at,
        "transaction_id": transaction.transaction_id,
        "patient_id": transaction.patient_id,
        "amount": _amount(transaction.amount.minor, currency),
        "payer": PayerPart(kind=payer.kind, payer_id=payer.payer_id, name=payer.name),
        "method": transaction.method,
        "method_label": transaction.method_label,
        "recorded_at": transaction.recorded_at,
        "booked_on": transaction.booked_on,
        "settlements": _settlements(posted),
        "patient_credit_change": _amount(posted.credit_change_minor, currency),
        "patient_credit_balance": _amount(posted.credit_balance_minor, currency),
        "credit_changes": _credit_changes(posted),
        "external_reference": transaction.external_reference,
        "reason_code": transaction.reason_code,
        "by": Actor(subject=transaction.recorded_by, reason=transaction.reason),
    }


def _of_payment(posted: PostedOnPayment) -> dict[str, Any]:
    """What is said of the payment; its note with the payment alone, which brought it."""
    group = {"group_id": posted.payment.group_id}
    if posted.transaction.kind == "payment":
        return group | {"note": posted.payment.note}
    return group | {"payment_id": posted.payment.payment_id}


def _settlements(posted: Posted) -> tuple[SettlementChange, ...]:
    currency = posted.transaction.amount.currency
    return tuple(
        SettlementChange(
            invoice_id=settlement.invoice_id,
            invoice_number=settlement.invoice_number,
            payment_id=settlement.payment_id,
            change=_amount(settlement.change_minor, currency),
            credited=_amount(settlement.credited_minor, currency),
            outstanding=_amount(settlement.outstanding_minor, currency),
            installment_id=settlement.installment_id,
            place=settlement.place,
            lines=tuple(
                RefundedLine(line_id=line_id, amount=None if of is None else _amount(of.minor, currency))
                for line_id, of in settlement.lines
            ),
            settled_with_refunds=None
            if settlement.settled_with_refunds_minor is None
            else _amount(settlement.settled_with_refunds_minor, currency),
            named=settlement.named or None,
            plan=None
            if settlement.plan is None
            else PlanVersion(plan_id=settlement.plan[0], version=settlement.plan[1]),
        )
        for settlement in posted.movement.settlements
    )


def _credit_changes(posted: Posted) -> tuple[CreditChange, ...]:
    currency = posted.transaction.amount.currency
    return tuple(
        CreditChange(
            payment_id=change.payment_id,
            patient_id=change.patient_id,
            change=_amount(change.change_minor, currency),
        )
        for change in posted.movement.credits
    )


def _amount(minor: int, currency: str) -> Amount:
    # Checked against the contract here, before it is announced: every consumer would set it aside.
    return Amount(amount=Money(minor, currency).amount, currency=currency)


def _recorded(posted: PostedOnPayment, shared: dict[str, Any]) -> PaymentRecorded:
    transaction = posted.transaction
    received_at = transaction.received_at or transaction.recorded_at
    return PaymentRecorded(**shared, received_at=received_at, treatment_plan_id=transaction.treatment_plan_id)


def _refunded(posted: PostedOnPayment, shared: dict[str, Any]) -> PaymentRefunded:
    return PaymentRefunded(**shared, refunded_so_far=_of(posted, posted.payment.refunded_minor))


def _cancelled(_: PostedOnPayment, shared: dict[str, Any]) -> PaymentCancelled:
    return PaymentCancelled(**shared)


def _refund_cancelled(posted: PostedOnPayment, shared: dict[str, Any]) -> RefundCancelled:
    return RefundCancelled(**shared, refund_id=posted.transaction.reverses_id)


def _charged_back(posted: PostedOnPayment, shared: dict[str, Any]) -> PaymentChargedBack:
    return PaymentChargedBack(**shared, refunded_before=_of(posted, posted.movement.loss_minor))


def _taken_back(posted: PostedOnPayment, shared: dict[str, Any]) -> PaymentTakenBack:
    return PaymentTakenBack(**shared, taken_back_so_far=_of(posted, posted.payment.taken_back_minor))


def _take_back_cancelled(posted: PostedOnPayment, shared: dict[str, Any]) -> TakeBackCancelled:
    so_far = _of(posted, posted.payment.taken_back_minor)
    return TakeBackCancelled(**shared, take_back_id=posted.transaction.reverses_id, taken_back_so_far=so_far)


def _moved(posted: PostedOnPayment, shared: dict[str, Any]) -> AllocationMoved:
    return AllocationMoved(**shared, reverses_id=posted.transaction.reverses_id)


def _of(posted: Posted, minor: int) -> Amount:
    return _amount(minor, posted.transaction.amount.currency)


def _adjusted(posted: Posted, shared: dict[str, Any]) -> InsurerAdjusted:
    names = ("clinic_id", "occurred_at", "payer", "amount", "method", "external_reference", "booked_on", "by")
    transaction = posted.transaction
    return InsurerAdjusted(
        **{name: shared[name] for name in names},
        adjustment_id=transaction.transaction_id,
        direction="withheld" if transaction.kind in ("insurer_withheld", "interest_taken_back") else "added",
        code=transaction.reason_code,
        meaning=meaning_of(transaction.reason_code),
        reference=transaction.reason,
    )


def _applied(_posted: Posted, shared: dict[str, Any]) -> CreditApplied:
    return CreditApplied(**shared)


def _application_cancelled(posted: Posted, shared: dict[str, Any]) -> CreditApplicationCancelled:
    return CreditApplicationCancelled(**shared, application_id=posted.transaction.reverses_id)


def _transferred(posted: Posted, shared: dict[str, Any]) -> CreditTransferred:
    direction: Literal["out", "in"] = "out" if posted.transaction.kind == "credit_transfer_out" else "in"
    other = next(
        change.patient_id for change in posted.movement.credits if change.patient_id != posted.transaction.patient_id
    )
    return CreditTransferred(
        **shared,
        direction=direction,
        other_patient_id=other,
        linked_transaction_id=posted.transaction.linked_id,
        reverses_id=posted.transaction.reverses_id,
    )


_EVENTS_OF_PAYMENTS: dict[Kind, Callable[[PostedOnPayment, dict[str, Any]], Any]] = {
    "payment": _recorded,
    "refund": _refunded,
    "cancellation": _cancelled,
    "refund_cancellation": _refund_cancelled,
    "chargeback": _charged_back,
    "take_back": _taken_back,
    "take_back_cancellation": _take_back_cancelled,
    "allocation_move": _moved,
    "move_cancellation": _moved,
}
_EVENTS: dict[Kind, Callable[[Posted, dict[str, Any]], Any]] = {
    "insurer_withheld": _adjusted,
    "insurer_added": _adjusted,
    "insurer_interest": _adjusted,
    "interest_taken_back": _adjusted,
    "credit_application": _applied,
    "application_cancellation": _application_cancelled,
    "credit_transfer_out": _transferred,
    "credit_transfer_in": _transferred,
}
