"""Receipts: their numbers, shown beside transactions."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.errors import NotYet
from contracts.receipts import ReceiptIssued, ReceiptVoided

from payments.domain.errors import ClinicNotConfigured
from payments.domain.receipt import IssuedReceipt
from payments.use_cases.follow_receipts import ReceiptUnknown, follow_receipts, void_receipts


async def on_receipt_issued(work: Work, messages: Sequence[Message]) -> None:
    """Keep receipts (`PAY-9`).

    A receipt was issued: it is shown beside its transaction.
    """
    events = [ReceiptIssued.model_validate_json(message.data) for message in messages]
    try:
        await follow_receipts(work, [_issued(event) for event in events])
    except ClinicNotConfigured:
        raise NotYet("the clinic's settings are not known yet") from None


def _issued(event: ReceiptIssued) -> IssuedReceipt:
    return IssuedReceipt(
        clinic_id=event.clinic_id,
        receipt_id=event.receipt_id,
        patient_id=event.patient_id,
        transaction_id=event.transaction_id,
        number=event.number,
        issued_at=event.occurred_at,
    )


async def on_receipt_voided(work: Work, messages: Sequence[Message]) -> None:
    """Mark receipts as void (`PAY-9`, `RCP-3`).

    A receipt's transaction was cancelled or charged back: the receipt is void.
    """
    events = [ReceiptVoided.model_validate_json(message.data) for message in messages]
    try:
        await void_receipts(work, [event.transaction_id for event in events])
    except ReceiptUnknown as error:
        raise NotYet(f"the receipt of transaction {error.transaction_id} is not known yet") from None
