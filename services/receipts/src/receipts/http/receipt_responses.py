"""Receipts as they go out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from chassis.http import MoneyOut
from pydantic import BaseModel, Field

from receipts.domain.receipt import Receipt


class VoidedOut(BaseModel):
    """That the transaction was undone."""

    at: datetime
    cause: Literal["cancellation", "chargeback"]
    reason: str | None


class ReceiptOut(BaseModel):
    """A receipt. Its PDF is at `/v1/receipts/{id}/pdf`."""

    id: UUID
    number: Annotated[str, Field(examples=["REC-2026-000042"])]
    kind: Literal["payment", "refund"]
    state: Annotated[
        Literal["pending", "issued", "void"],
        Field(description="`pending` until its PDF is stored, a fraction of a second; `void` once it was undone."),
    ]
    patient_id: UUID
    transaction_id: Annotated[UUID, Field(description="The payment or refund that it proves.")]
    amount: MoneyOut
    language: Annotated[str, Field(examples=["en-US"])]
    recorded_at: datetime
    numbered_on: Annotated[date, Field(description="The clinic's calendar day on which it got its number.")]
    sha256: Annotated[str | None, Field(description="Of the original PDF, once stored.")]
    size_bytes: int | None
    voided: VoidedOut | None

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptOut:
        """As the API shows it."""
        stored, voided = receipt.stored, receipt.voided
        return cls(
            id=receipt.receipt_id,
            number=receipt.number,
            kind=receipt.kind,
            state=receipt.state,
            patient_id=receipt.patient_id,
            transaction_id=receipt.transaction_id,
            amount=MoneyOut.of(receipt.amount),
            language=receipt.language,
            recorded_at=receipt.recorded_at,
            numbered_on=receipt.numbered_on,
            sha256=stored.sha256 if stored else None,
            size_bytes=stored.size_bytes if stored else None,
            voided=VoidedOut.model_validate(voided, from_attributes=True) if voided else None,
        )
