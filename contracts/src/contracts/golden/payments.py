"""Amara's payment with a little too much, what it led to, and what may happen to other money."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from contracts.credit_held import CreditHeld, HeldCredit
from contracts.event import Actor
from contracts.golden.example import (
    AMARA,
    CLINIC,
    INSURER,
    INVOICE,
    OLD_INVOICE,
    OLD_PAYMENT,
    PAYMENT,
    REFUND,
    TOMAS,
    Golden,
    at,
    numbered,
    usd,
)
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
    Payer,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    PaymentTakenBack,
    RefundApproved,
    RefundCancelled,
    RefundRejected,
    RefundRequested,
    SettlementChange,
    TakeBackCancelled,
)

PAYMENTS = "/dental-billing/payments"
CLERK = Actor(subject="clerk:7f1c")
PATIENT = Payer(kind="patient")
OF_AMARA: dict[str, Any] = {"clinic_id": CLINIC, "patient_id": AMARA, "payer": PATIENT}


def settled(
    change: str, credited: str, outstanding: str, payment: UUID = PAYMENT, *, place: int | None = None, then: str = ""
) -> SettlementChange:
    """A change on the visit's invoice, or for the old payment on the old invoice; `then` is settled, with refunds."""
    new = payment == PAYMENT
    return SettlementChange(
        invoice_id=INVOICE if new else OLD_INVOICE,
        invoice_number="INV-2026-000117" if new else "INV-2026-000089",
        payment_id=payment,
        change=usd(change),
        credited=usd(credited),
        outstanding=usd(outstanding),
        place=place,
        settled_with_refunds=usd(then) if then else None,
    )


def held(change: str, payment: UUID = PAYMENT, patient: UUID = AMARA) -> CreditChange:
    """A change of what somebody holds of a payment."""
    return CreditChange(payment_id=payment, patient_id=patient, change=usd(change))


RECORDED = PaymentRecorded(
    **OF_AMARA,
    occurred_at=at(20, 15, 12),
    transaction_id=PAYMENT,
    amount=usd("70.00"),
    method="bank_card",
    recorded_at=at(20, 15, 12),
    received_at=at(20, 15, 11),
    booked_on=date(2026, 11, 20),
    settlements=(settled("66.06", "0.00", "221.60", place=1, then="66.06"),),
    patient_credit_change=usd("3.94"),
    patient_credit_balance=usd("3.94"),
    credit_changes=(held("3.94"),),
    note="Keep the change for next time",
    group_id=numbered(0xF, 1),
    external_reference="TERM-04-118827",
    reason_code="invoice_settlement",
    by=CLERK,
)

REFUNDED = PaymentRefunded(
    **OF_AMARA,
    occurred_at=at(23, 14, 40),
    transaction_id=REFUND,
    payment_id=PAYMENT,
    amount=usd("10.00"),
    method="bank_card",
    recorded_at=at(23, 14, 40),
    booked_on=date(2026, 11, 23),
    settlements=(settled("-6.06", "6.06", "221.60", place=2, then="66.06"),),
    patient_credit_change=usd("-3.94"),
    patient_credit_balance=usd("0.00"),
    credit_changes=(held("-3.94"),),
    refunded_so_far=usd("10.00"),
    reason_code="goodwill",
    by=Actor(subject="clerk:7f1c", reason="Goodwill after a long wait"),
)

REFUND_CANCELLED = RefundCancelled(
    **OF_AMARA,
    occurred_at=at(23, 15, 2),
    transaction_id=numbered(0xA, 5),
    refund_id=REFUND,
    payment_id=PAYMENT,
    amount=usd("10.00"),
    method="bank_card",
    recorded_at=at(23, 15, 2),
    booked_on=date(2026, 11, 23),
    settlements=(settled("6.06", "-6.06", "221.60", place=3, then="66.06"),),
    patient_credit_change=usd("3.94"),
    patient_credit_balance=usd("3.94"),
    by=Actor(subject="manager:02aa", reason="The terminal had not paid it out"),
)

CANCELLED = PaymentCancelled(
    **OF_AMARA,
    occurred_at=at(23, 15, 30),
    transaction_id=numbered(0xA, 6),
    payment_id=PAYMENT,
    amount=usd("70.00"),
    method="bank_card",
    recorded_at=at(23, 15, 30),
    booked_on=date(2026, 11, 23),
    settlements=(settled("-66.06", "0.00", "287.66", place=4, then="0.00"),),
    patient_credit_change=usd("-3.94"),
    patient_credit_balance=usd("0.00"),
    by=Actor(subject="manager:02aa", reason="Recorded for the wrong patient"),
)

CHARGED_BACK = PaymentChargedBack(
    **OF_AMARA,
    occurred_at=at(25, 9, 45),
    transaction_id=numbered(0xA, 7),
    payment_id=OLD_PAYMENT,
    amount=usd("80.00"),
    method="check",
    recorded_at=at(25, 9, 45),
    booked_on=date(2026, 11, 25),
    settlements=(settled("-60.00", "0.00", "60.00", OLD_PAYMENT, place=7, then="0.00"),),
    patient_credit_change=usd("-20.00"),
    patient_credit_balance=usd("0.00"),
    external_reference="Check 1042",
    by=Actor(subject="clerk:7f1c", reason="Returned by the bank: insufficient funds"),
)

TAKEN_BACK = PaymentTakenBack(
    clinic_id=CLINIC,
    patient_id=AMARA,
    payer=Payer(kind="insurer", payer_id=INSURER, name="Harbor Dental Mutual"),
    occurred_at=at(25, 10, 5),
    transaction_id=numbered(0xA, 16),
    payment_id=numbered(0xA, 17),
    amount=usd("60.00"),
    method="insurance",
    recorded_at=at(25, 10, 5),
    booked_on=date(2026, 11, 25),
    settlements=(settled("-60.00", "0.00", "120.00", numbered(0xA, 17)),),
    patient_credit_change=usd("0.00"),
    patient_credit_balance=usd("0.00"),
    external_reference="HDM-20261125-7745",
    reason_code="insurer_took_back",
    taken_back_so_far=usd("60.00"),
    by=Actor(subject="clerk:7f1c", reason="Paid twice, says the insurer"),
)

TAKE_BACK_CANCELLED = TakeBackCancelled(
    clinic_id=CLINIC,
    patient_id=AMARA,
    payer=Payer(kind="insurer", payer_id=INSURER, name="Harbor Dental Mutual"),
    occurred_at=at(25, 10, 20),
    transaction_id=numbered(0xA, 19),
    take_back_id=numbered(0xA, 16),
    payment_id=numbered(0xA, 17),
    amount=usd("60.00"),
    method="insurance",
    recorded_at=at(25, 10, 20),
    booked_on=date(2026, 11, 25),
    settlements=(settled("60.00", "0.00", "60.00", numbered(0xA, 17)),),
    patient_credit_change=usd("0.00"),
    patient_credit_balance=usd("0.00"),
    taken_back_so_far=usd("0.00"),
    by=Actor(subject="manager:02aa", reason="It was another patient's payment"),
)

ADJUSTED = InsurerAdjusted(
    clinic_id=CLINIC,
    occurred_at=at(25, 10, 5),
    adjustment_id=numbered(0xA, 18),
    payer=Payer(kind="insurer", payer_id=INSURER, name="Harbor Dental Mutual"),
    direction="added",
    amount=usd("8.00"),
    code="L6",
    meaning="interest",
    reference="Interest on OLDCLM002",
    method="insurance",
    external_reference="HDM-20261125-7745",
    booked_on=date(2026, 11, 25),
    by=CLERK,
)

APPLICATION_CANCELLED = CreditApplicationCancelled(
    **OF_AMARA,
    occurred_at=at(2, 9, 40),
    transaction_id=numbered(0xA, 15),
    application_id=numbered(0xA, 14),
    amount=usd("15.00"),
    method="other",
    method_label="patient credit",
    recorded_at=at(2, 9, 40),
    booked_on=date(2026, 11, 2),
    settlements=(settled("-15.00", "0.00", "80.00", OLD_PAYMENT, place=2, then="0.00"),),
    patient_credit_change=usd("15.00"),
    patient_credit_balance=usd("100.00"),
    by=Actor(subject="manager:02aa", reason="She had asked to keep it until the filling"),
)

APPLIED = CreditApplied(
    **OF_AMARA,
    occurred_at=at(12, 10, 5),
    transaction_id=numbered(0xA, 8),
    amount=usd("80.00"),
    method="check",
    recorded_at=at(12, 10, 5),
    booked_on=date(2026, 11, 12),
    settlements=(settled("80.00", "0.00", "0.00", OLD_PAYMENT, place=3, then="80.00"),),
    patient_credit_change=usd("-80.00"),
    patient_credit_balance=usd("20.00"),
    by=Actor(subject="clerk:7f1c", reason="For the old invoice, as she asked"),
)

MOVED = AllocationMoved(
    **OF_AMARA,
    occurred_at=at(12, 10, 7),
    transaction_id=numbered(0xA, 16),
    payment_id=OLD_PAYMENT,
    amount=usd("5.00"),
    method="check",
    recorded_at=at(12, 10, 7),
    booked_on=date(2026, 11, 12),
    settlements=(
        settled("-5.00", "0.00", "5.00", OLD_PAYMENT, place=4, then="75.00"),
        settled("5.00", "0.00", "0.00", OLD_PAYMENT, place=5, then="80.00").model_copy(
            update={"installment_id": numbered(0x12, 1)}
        ),
    ),
    patient_credit_change=usd("0.00"),
    patient_credit_balance=usd("20.00"),
    by=Actor(subject="clerk:7f1c", reason="For the first installment, as agreed"),
)

TRANSFERRED = CreditTransferred(
    **OF_AMARA,
    occurred_at=at(12, 10, 9),
    transaction_id=numbered(0xA, 9),
    amount=usd("20.00"),
    method="cash",
    recorded_at=at(12, 10, 9),
    booked_on=date(2026, 11, 12),
    patient_credit_change=usd("-20.00"),
    patient_credit_balance=usd("0.00"),
    credit_changes=(held("-20.00", OLD_PAYMENT), held("20.00", OLD_PAYMENT, TOMAS)),
    direction="out",
    other_patient_id=TOMAS,
    linked_transaction_id=numbered(0xA, 10),
    by=Actor(subject="clerk:7f1c", reason="For her son, as she asked"),
)

HELD = CreditHeld(
    clinic_id=CLINIC,
    occurred_at=at(1, 9, 0),
    patient_id=AMARA,
    parts=(HeldCredit(payment_id=OLD_PAYMENT, amount=usd("85.00")),),
)

RELEASED = AllocationReleased(
    clinic_id=CLINIC,
    occurred_at=at(24, 11, 31),
    release_id=numbered(0xA, 11),
    patient_id=AMARA,
    cause="invoice_credited",
    settlements=(settled("-20.00", "0.00", "0.00", OLD_PAYMENT, place=6, then="60.00"),),
    patient_credit_change=usd("20.00"),
    patient_credit_balance=usd("20.00"),
    credit_changes=(held("20.00", OLD_PAYMENT),),
    by=Actor(subject="consumer:payments", reason="A credit note took the invoice below what was paid on it"),
)

REQUEST: dict[str, Any] = {
    "clinic_id": CLINIC,
    "request_id": numbered(0xA, 12),
    "patient_id": AMARA,
    "kind": "refund",
    "payment_id": PAYMENT,
    "amount": usd("60.00"),
}

REQUESTED = RefundRequested(
    **REQUEST,
    occurred_at=at(23, 14, 50),
    limit=usd("50.00"),
    by=Actor(subject="clerk:7f1c", reason="Wants the rest back as well"),
)

REJECTED = RefundRejected(
    **REQUEST,
    occurred_at=at(23, 14, 55),
    requested_by="clerk:7f1c",
    outcome="rejected",
    by=Actor(subject="manager:02aa", reason="The payment was recorded for the wrong patient: it is to be cancelled"),
)

APPROVED = RefundApproved(
    **REQUEST | {"request_id": numbered(0xA, 13), "amount": usd("10.00")},
    occurred_at=at(23, 14, 40),
    requested_by="clerk:7f1c",
    transaction_ids=(REFUND,),
    by=Actor(subject="manager:02aa", reason="Goodwill after a long wait"),
)

OF_CANCELLATION: dict[str, Any] = {
    "clinic_id": CLINIC,
    "request_id": numbered(0xA, 17),
    "patient_id": AMARA,
    "payment_id": PAYMENT,
    "amount": usd("70.00"),
}

CANCELLATION_REQUESTED = CancellationRequested(
    **OF_CANCELLATION,
    occurred_at=at(23, 15, 0),
    limit=usd("50.00"),
    by=Actor(subject="clerk:7f1c", reason="Recorded for the wrong patient"),
)

CANCELLATION_REJECTED = CancellationRejected(
    **OF_CANCELLATION | {"request_id": numbered(0xA, 18)},
    occurred_at=at(23, 14, 58),
    requested_by="clerk:7f1c",
    outcome="withdrawn",
    by=Actor(subject="clerk:7f1c", reason="Asked for twice"),
)

CANCELLATION_APPROVED = CancellationApproved(
    **OF_CANCELLATION,
    occurred_at=CANCELLED.occurred_at,
    requested_by="clerk:7f1c",
    transaction_id=CANCELLED.transaction_id,
    by=Actor(subject="manager:02aa", reason="Recorded for the wrong patient"),
)

EXAMPLES = (
    Golden(RECORDED, PAYMENTS, PAYMENT, 1, numbered(0xE4, 1)),
    Golden(REFUNDED, PAYMENTS, PAYMENT, 2, numbered(0xE4, 2)),
    Golden(REFUND_CANCELLED, PAYMENTS, PAYMENT, 3, numbered(0xE4, 3)),
    Golden(CANCELLED, PAYMENTS, PAYMENT, 4, numbered(0xE4, 4)),
    Golden(CHARGED_BACK, PAYMENTS, OLD_PAYMENT, 3, numbered(0xE4, 5)),
    Golden(APPLIED, PAYMENTS, APPLIED.transaction_id, 1, numbered(0xE4, 6)),
    Golden(TRANSFERRED, PAYMENTS, TRANSFERRED.transaction_id, 1, numbered(0xE4, 7)),
    Golden(HELD, PAYMENTS, HELD.patient_id, 1, numbered(0xE4, 21)),
    Golden(RELEASED, PAYMENTS, RELEASED.release_id, 1, numbered(0xE4, 8)),
    Golden(REQUESTED, PAYMENTS, REQUESTED.request_id, 1, numbered(0xE4, 9)),
    Golden(APPROVED, PAYMENTS, APPROVED.request_id, 2, numbered(0xE4, 10)),
    Golden(REJECTED, PAYMENTS, REJECTED.request_id, 2, numbered(0xE4, 11)),
    Golden(TAKEN_BACK, PAYMENTS, numbered(0xA, 17), 2, numbered(0xE4, 18)),
    Golden(TAKE_BACK_CANCELLED, PAYMENTS, numbered(0xA, 17), 3, numbered(0xE4, 20)),
    Golden(ADJUSTED, PAYMENTS, ADJUSTED.adjustment_id, 1, numbered(0xE4, 19)),
    Golden(APPLICATION_CANCELLED, PAYMENTS, APPLICATION_CANCELLED.transaction_id, 1, numbered(0xE4, 12)),
    Golden(MOVED, PAYMENTS, OLD_PAYMENT, 2, numbered(0xE4, 13)),
    Golden(CANCELLATION_REQUESTED, PAYMENTS, CANCELLATION_REQUESTED.request_id, 1, numbered(0xE4, 14)),
    Golden(CANCELLATION_APPROVED, PAYMENTS, CANCELLATION_APPROVED.request_id, 2, numbered(0xE4, 15)),
    Golden(CANCELLATION_REJECTED, PAYMENTS, CANCELLATION_REJECTED.request_id, 2, numbered(0xE4, 16)),
)
