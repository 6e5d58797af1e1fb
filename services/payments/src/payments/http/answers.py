"""What clients are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import MoneyOut
from chassis.money import Money
from pydantic import BaseModel, ConfigDict, Field

from payments.domain.invoice_balance import InvoiceBalance, InvoiceStatus
from payments.domain.movement import Movement
from payments.domain.patient_credit import credit_change
from payments.domain.payment import Payment
from payments.domain.payment_group import PaymentGroup
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.transaction import Kind, Method, PayerKind, Transaction
from payments.http.examples import (
    EDIT_EXAMPLE,
    GROUP_CHANGE_EXAMPLE,
    GROUP_EXAMPLE,
    INVOICE_EXAMPLE,
    PAYMENT_EXAMPLE,
    REFUND_EXAMPLE,
    TRANSFER_EXAMPLE,
)
from payments.persistence.payment_groups import ChangeOfGroup, GroupChange
from payments.persistence.relabelings import Relabeling

NONE_DECIDED: Mapping[UUID, RefundAdjustment] = MappingProxyType({})
PaymentStatus = Literal["recorded", "partly_refunded", "refunded", "cancelled", "charged_back"]


def example_of(example: dict[str, Any]) -> ConfigDict:
    """The configuration of an answer that is shown by an example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class Answer(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


class PayerOut(Answer):
    """Who paid."""

    kind: PayerKind
    payer_id: UUID | None
    name: str | None


class AllocationOut(Answer):
    """What an invoice, or the installment of it that was named, has of the payment now."""

    invoice_id: UUID
    invoice_number: str
    installment_id: UUID | None
    amount: MoneyOut


class PaymentOut(Answer):
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
        payer = transaction.payer
        return cls.model_construct(
            id=payment.payment_id,
            status=status_of(payment),
            patient_id=payment.patient_id,
            payer=PayerOut.model_construct(kind=payer.kind, payer_id=payer.payer_id, name=payer.name),
            amount=MoneyOut.of(payment.amount),
            method=transaction.method,
            method_label=transaction.method_label,
            received_at=transaction.received_at or transaction.recorded_at,
            recorded_at=transaction.recorded_at,
            booked_on=transaction.booked_on,
            recorded_by=transaction.recorded_by,
            note=payment.note,
            group_id=payment.group_id,
            external_reference=transaction.external_reference,
            treatment_plan_id=transaction.treatment_plan_id,
            reason_code=transaction.reason_code,
            allocations=[
                AllocationOut.model_construct(
                    invoice_id=invoice_id,
                    invoice_number=numbers[invoice_id],
                    installment_id=installment_id,
                    amount=_money(minor, currency),
                )
                for (invoice_id, installment_id), minor in payment.parts.items()
            ],
            unallocated=_money(payment.unallocated_minor, currency),
            refunded=_money(payment.refunded_minor, currency),
            taken_back=_money(payment.taken_back_minor, currency),
            refundable=_money(payment.refundable_minor, currency),
            version=payment.version,
        )


def status_of(payment: Payment) -> PaymentStatus:
    """The status as people speak of it."""
    if payment.status != "recorded" or not payment.refunded_minor:
        return payment.status
    return "partly_refunded" if payment.refunded_minor < payment.amount.minor else "refunded"


class AdjustmentOut(Answer):
    """What a refund wants credited on an invoice, and what invoicing credits for it: null until it has decided.

    Less than wanted is asked for again: a document, or a credit of the same lines, had come between (`PAY-20`).
    """

    invoice_id: UUID
    wanted: MoneyOut
    credited: MoneyOut | None

    @classmethod
    def all_of(cls, movement: Movement, currency: str, decided: Mapping[UUID, RefundAdjustment]) -> list[AdjustmentOut]:
        """Those of a refund, by invoice."""
        wanted: dict[UUID, int] = {}
        for part in movement.settlements:
            if part.credited_minor > 0:
                wanted[part.invoice_id] = wanted.get(part.invoice_id, 0) + part.credited_minor
        answers = {invoice_id: one.credited_minor for invoice_id, one in decided.items()}
        return [
            cls.model_construct(
                invoice_id=invoice_id,
                wanted=_money(minor, currency),
                credited=None if (answer := answers.get(invoice_id)) is None else _money(answer, currency),
            )
            for invoice_id, minor in wanted.items()
        ]


class SettlementOut(Answer):
    """How a transaction changed what is settled on an invoice; `credited` is the refund adjustment wanted with it."""

    invoice_id: UUID
    invoice_number: str
    payment_id: UUID
    installment_id: UUID | None
    """The installment that the payment named (`PLN-2`)."""
    change: MoneyOut
    credited: MoneyOut


class TransactionOut(Answer):
    """A transaction, as it was recorded for good."""

    model_config = example_of(REFUND_EXAMPLE)

    id: UUID
    kind: Kind
    patient_id: UUID
    payment_id: UUID | None
    reverses_id: UUID | None
    linked_id: UUID | None
    payer: PayerOut
    amount: MoneyOut
    method: Method
    method_label: str | None
    reason_code: str | None
    """Why, as a code: a refund's reason, what a payment was taken for, or what this follows from."""
    reason: str | None
    """Why, in words."""
    external_reference: str | None
    recorded_at: datetime
    booked_on: date
    recorded_by: str
    group_id: UUID | None
    """The payment's group when this was booked; the day's sheet sorts by it."""
    request_id: UUID | None
    """The request that a second person approved, where it is such a refund."""
    settlements: list[SettlementOut]
    adjustments: list[AdjustmentOut]
    """Of a refund: what is credited so that no invoice asks for more because of it (`PAY-4`)."""
    patient_credit_change: MoneyOut
    lost: MoneyOut
    """What a chargeback took although it had been refunded: the clinic's loss, unless a person debits it, as invoicing
    proposes (`GET /v1/debit-proposals` there)."""

    @classmethod
    def of(
        cls, transaction: Transaction, movement: Movement, decided: Mapping[UUID, RefundAdjustment] = NONE_DECIDED
    ) -> TransactionOut:
        """A transaction with what it did, and what was decided on it, by invoice."""
        currency = transaction.amount.currency
        payer = transaction.payer
        return cls.model_construct(
            id=transaction.transaction_id,
            kind=transaction.kind,
            patient_id=transaction.patient_id,
            payment_id=transaction.payment_id,
            reverses_id=transaction.reverses_id,
            linked_id=transaction.linked_id,
            payer=PayerOut.model_construct(kind=payer.kind, payer_id=payer.payer_id, name=payer.name),
            amount=MoneyOut.of(transaction.amount),
            method=transaction.method,
            method_label=transaction.method_label,
            reason_code=transaction.reason_code,
            reason=transaction.reason,
            external_reference=transaction.external_reference,
            recorded_at=transaction.recorded_at,
            booked_on=transaction.booked_on,
            recorded_by=transaction.recorded_by,
            group_id=transaction.group_id,
            request_id=transaction.request_id,
            settlements=[
                SettlementOut.model_construct(
                    invoice_id=part.invoice_id,
                    invoice_number=part.invoice_number,
                    payment_id=part.payment_id,
                    installment_id=part.installment_id,
                    change=_money(part.change_minor, currency),
                    credited=_money(part.credited_minor, currency),
                )
                for part in movement.settlements
            ],
            adjustments=AdjustmentOut.all_of(movement, currency, decided),
            patient_credit_change=_money(credit_change(transaction, movement), currency),
            lost=_money(movement.loss_minor, currency),
        )


class EditOut(Answer):
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
        return cls.model_construct(**{name: getattr(edit, name) for name in cls.model_fields})


class PaymentStory(PaymentOut):
    """A payment with everything that was done with it since, in order, and its latest edits, the latest first."""

    model_config = example_of(PAYMENT_EXAMPLE | {"transactions": [REFUND_EXAMPLE], "edits": [EDIT_EXAMPLE]})

    transactions: list[TransactionOut]
    edits: list[EditOut]


class InvoiceOut(Answer):
    """An invoice as payments sees it (`INV-9`)."""

    model_config = example_of(INVOICE_EXAMPLE)

    invoice_id: UUID
    patient_id: UUID
    number: str
    status: InvoiceStatus
    """In the words of invoicing's `status`."""
    overdue: bool
    """By the installments of its live plan, where it has one, else by its due date (`INV-15`)."""
    due_date: date
    total: MoneyOut
    debited: MoneyOut
    credited: MoneyOut
    """Credit notes, those that go with refunds included."""
    settled: MoneyOut
    outstanding: MoneyOut

    @classmethod
    def of(cls, invoice: InvoiceBalance, today: date, due_next: date) -> InvoiceOut:
        """An invoice, on the clinic's calendar day, and the day by which it asks for something next."""
        currency = invoice.currency
        return cls.model_construct(
            invoice_id=invoice.invoice_id,
            patient_id=invoice.patient_id,
            number=invoice.number,
            status=invoice.status,
            overdue=invoice.is_overdue(today, due_next),
            due_date=invoice.due_date,
            total=_money(invoice.total_minor, currency),
            debited=_money(invoice.debited_minor, currency),
            credited=_money(invoice.credited_minor + invoice.refund_adjusted_minor, currency),
            settled=_money(invoice.settled_minor, currency),
            outstanding=MoneyOut.of(invoice.outstanding),
        )


class TransferOut(Answer):
    """Both sides of a transfer."""

    model_config = example_of(TRANSFER_EXAMPLE)

    out: TransactionOut
    into: TransactionOut


class GroupOut(Answer):
    """A payment group (`PAY-8`)."""

    model_config = example_of(GROUP_EXAMPLE)

    id: UUID
    name: str
    color: str | None
    position: int
    archived: bool
    version: Annotated[int, Field(ge=1)]

    @classmethod
    def of(cls, group: PaymentGroup) -> GroupOut:
        """A group."""
        return cls.model_construct(
            id=group.group_id,
            name=group.name,
            color=group.color,
            position=group.position,
            archived=group.archived,
            version=group.version,
        )


class GroupChangeOut(Answer):
    """What a group was after a change, and who made it (`ALL-5`)."""

    model_config = example_of(GROUP_CHANGE_EXAMPLE)

    version: int
    change: GroupChange
    name: str
    color: str | None
    position: int
    archived: bool
    changed_at: datetime
    changed_by: str
    reason: str | None
    """Why, where it was said."""

    @classmethod
    def of(cls, change: ChangeOfGroup) -> GroupChangeOut:
        """A change."""
        return cls.model_construct(**{name: getattr(change, name) for name in cls.model_fields})


class GroupsOut(Answer):
    """The clinic's groups in their order."""

    model_config = example_of({"items": [GROUP_EXAMPLE]})

    items: list[GroupOut]

    @classmethod
    def of(cls, groups: Sequence[PaymentGroup]) -> GroupsOut:
        """The groups."""
        return cls.model_construct(items=[GroupOut.of(group) for group in groups])


def _money(minor: int, currency: str) -> MoneyOut:
    return MoneyOut.of(Money(minor, currency))
