"""Transactions as clients are told of them: what was recorded for good, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody

from payments.domain.movement import Movement
from payments.domain.patient_credit import credit_change
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.transaction import Kind, Method, Transaction
from payments.http.examples import REFUND_EXAMPLE, TRANSFER_EXAMPLE
from payments.http.shared_responses import PayerOut, example_of, money

NONE_DECIDED: Mapping[UUID, RefundAdjustment] = MappingProxyType({})


class AdjustmentOut(ResponseBody):
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
        answers = {invoice_id: adjustment.credited_minor for invoice_id, adjustment in decided.items()}
        return [
            cls.model_construct(
                invoice_id=invoice_id,
                wanted=money(minor, currency),
                credited=None if (answer := answers.get(invoice_id)) is None else money(answer, currency),
            )
            for invoice_id, minor in wanted.items()
        ]


class SettlementOut(ResponseBody):
    """How a transaction changed what is settled on an invoice; `credited` is the refund adjustment wanted with it."""

    invoice_id: UUID
    invoice_number: str
    payment_id: UUID
    installment_id: UUID | None
    """The installment that the payment named (`PLN-2`)."""
    change: MoneyOut
    credited: MoneyOut


class TransactionOut(ResponseBody):
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
        return cls.named(
            transaction,
            id=transaction.transaction_id,
            payer=PayerOut.named(transaction.payer),
            amount=MoneyOut.of(transaction.amount),
            settlements=[
                SettlementOut.named(
                    part,
                    change=money(part.change_minor, currency),
                    credited=money(part.credited_minor, currency),
                )
                for part in movement.settlements
            ],
            adjustments=AdjustmentOut.all_of(movement, currency, decided),
            patient_credit_change=money(credit_change(transaction, movement), currency),
            lost=money(movement.loss_minor, currency),
        )


class TransferOut(ResponseBody):
    """Both sides of a transfer."""

    model_config = example_of(TRANSFER_EXAMPLE)

    out: TransactionOut
    into: TransactionOut


class TransactionsOut(ResponseBody):
    """What was recorded for each that was selected, in the same order."""

    model_config = example_of({"items": [REFUND_EXAMPLE]})

    items: list[TransactionOut]
