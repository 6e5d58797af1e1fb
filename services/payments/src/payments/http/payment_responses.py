"""Payments as clients are told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody

from payments.domain.payment import Payment
from payments.domain.recorded_payment import Relabeling
from payments.domain.transaction import Method, Transaction
from payments.http.examples import EDIT_EXAMPLE, PAYMENT_EXAMPLE, REFUND_EXAMPLE
from payments.http.shared_responses import PayerOut, example_of, money
from payments.http.transaction_responses import TransactionOut

PaymentStatus = Literal["recorded", "partly_refunded", "refunded", "cancelled", "charged_back"]


class AllocationOut(ResponseBody):
    """What an invoice, or the installment of it that was named, has of the payment now."""

    invoice_id: UUID
    invoice_number: str
    installment_id: UUID | None
    amount: MoneyOut


class PaymentOut(ResponseBody):
    """A payment as it stands: its amount is allocated, unallocated (patient credit), refunded or taken back."""

    model_config = example_of(PAYMENT_EXAMPLE)

    id: UUID
    status: PaymentStatus
    patient_id: UUID
    payer: PayerOut
    amount: MoneyOut
    method: Method
    method_label: str | None
    received_at: datetime
    recorded_at: datetime
    booked_on: date
    recorded_by: str
    note: str | None
    group_id: UUID | None
    external_reference: str | None
    treatment_plan_id: UUID | None
    reason_code: str | None
    """What it was taken for: `invoice_settlement`, `installment`, `deposit`, `treatment_plan_deposit` or
    `insurer_remittance`; null for payments from before it was kept."""
    allocations: list[AllocationOut]
    unallocated: MoneyOut
    refunded: MoneyOut
    taken_back: MoneyOut
    """What the insurer that paid it took back of it (`INS-9`)."""
    refundable: MoneyOut
    """What a refund of it can return: not what another patient holds of it, which that patient withdraws (`PAY-21`)."""
    version: int

    @classmethod
    def of(cls, transaction: Transaction, payment: Payment, numbers: Mapping[UUID, str]) -> PaymentOut:
        """A payment, with the numbers of its invoices."""
        currency = payment.amount.currency
        return cls.named(
            transaction,
            id=payment.payment_id,
            status=status_of(payment),
            patient_id=payment.patient_id,
            payer=PayerOut.named(transaction.payer),
            amount=MoneyOut.of(payment.amount),
            received_at=transaction.received_at or transaction.recorded_at,
            note=payment.note,
            group_id=payment.group_id,
            allocations=[
                AllocationOut.model_construct(
                    invoice_id=invoice_id,
                    invoice_number=numbers[invoice_id],
                    installment_id=installment_id,
                    amount=money(minor, currency),
                )
                for (invoice_id, installment_id), minor in payment.parts.items()
            ],
            unallocated=money(payment.unallocated_minor, currency),
            refunded=money(payment.refunded_minor, currency),
            taken_back=money(payment.taken_back_minor, currency),
            refundable=money(payment.refundable_minor, currency),
            version=payment.version,
        )


def status_of(payment: Payment) -> PaymentStatus:
    """The status as people speak of it."""
    if payment.status != "recorded" or not payment.refunded_minor:
        return payment.status
    return "partly_refunded" if payment.refunded_minor < payment.amount.minor else "refunded"


class EditOut(ResponseBody):
    """An edit of a payment's labels: what they were, what they became, and who made it (`PAY-1`, `ALL-5`)."""

    version: int
    group_before: UUID | None
    group_after: UUID | None
    note_before: str | None
    note_after: str | None
    changed_at: datetime
    changed_by: str
    reason: str | None
    """Why, where it was said."""

    @classmethod
    def of(cls, edit: Relabeling) -> EditOut:
        """An edit."""
        return cls.named(edit)


class PaymentStory(PaymentOut):
    """A payment with everything that was done with it since, in order, and its latest edits, the latest first."""

    model_config = example_of(PAYMENT_EXAMPLE | {"transactions": [REFUND_EXAMPLE], "edits": [EDIT_EXAMPLE]})

    transactions: list[TransactionOut]
    edits: list[EditOut]
