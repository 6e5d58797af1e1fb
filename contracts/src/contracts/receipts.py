"""What receipts announces: receipts issued and voided (`RCP-1`, `RCP-3`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Amount, Event, event

TOPIC = "billing.receipts.v1"


@event("billing.receipt.issued.v1", TOPIC)
class ReceiptIssued(Event):
    """A receipt was numbered, rendered and stored: its bytes will never change (`RCP-1`)."""

    receipt_id: UUID
    patient_id: UUID
    number: str
    kind: Literal["payment", "refund"]
    transaction_id: UUID
    amount: Amount
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, Field(gt=0)]
    language: str
    recorded_at: AwareDatetime


@event("billing.receipt.voided.v1", TOPIC)
class ReceiptVoided(Event):
    """A receipt's transaction was cancelled or charged back: it is served stamped VOID from now on (`RCP-3`)."""

    receipt_id: UUID
    patient_id: UUID
    number: str
    transaction_id: UUID
    cause: Literal["cancellation", "chargeback"]
    reason: str | None = None
