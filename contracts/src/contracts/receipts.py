"""What receipts announces: receipts issued and voided (`RCP-1`, `RCP-3`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Amount, Count, Event, Instant, PatientId, Text, event

TOPIC = "billing.receipts.v1"

ReceiptId = Annotated[UUID, Field(description="The receipt.")]
ReceiptNumber = Annotated[
    Text, Field(description="Its gapless number (`INV-7`).", max_length=60, examples=["REC-2026-000042"])
]
TransactionId = Annotated[UUID, Field(description="The payment or refund that the receipt proves.")]


@event("billing.receipt.issued.v1", TOPIC)
class ReceiptIssued(Event):
    """A receipt was numbered, rendered and stored: its bytes will never change (`RCP-1`)."""

    receipt_id: ReceiptId
    patient_id: PatientId
    number: ReceiptNumber
    kind: Literal["payment", "refund"]
    """What it proves."""
    transaction_id: TransactionId
    amount: Amount
    """The transaction's amount."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the stored PDF."""
    size_bytes: Annotated[Count, Field(gt=0)]
    """Of the stored PDF."""
    language: Annotated[Text, Field(max_length=35, examples=["en-US"])]
    """BCP 47: the language that it is written in."""
    recorded_at: Instant
    """When the transaction was recorded."""


@event("billing.receipt.voided.v1", TOPIC)
class ReceiptVoided(Event):
    """A receipt's transaction was cancelled or charged back: it is served stamped VOID from now on (`RCP-3`)."""

    receipt_id: ReceiptId
    patient_id: PatientId
    number: ReceiptNumber
    transaction_id: TransactionId
    cause: Literal["cancellation", "chargeback"]
    """What took the transaction back."""
    reason: Annotated[Text | None, Field(max_length=500)] = None
    """Why, as it is printed in the stamp."""
