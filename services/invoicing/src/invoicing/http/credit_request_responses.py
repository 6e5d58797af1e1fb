"""What responses about credits that wait for a second person say (`PAY-15`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from chassis.money import Money
from pydantic import ConfigDict
from pydantic.config import JsonDict

from invoicing.domain.credit_request import CreditRequest, CreditRequestState

_EXAMPLE: JsonDict = {
    "id": "018f0000-0000-7000-8000-00000000c001",
    "state": "completed",
    "invoice_id": "018f0000-0000-7000-8000-00000000a001",
    "patient_id": "018f0000-0000-7000-8000-000000000002",
    "kind": "write_off",
    "amount": {"amount": "700.00", "currency": "USD"},
    "limit": {"amount": "30.00", "currency": "USD"},
    "reason": "moved away without an address",
    "requested_by": "clerk:7f1c",
    "requested_at": "2026-11-23T15:00:00Z",
    "decided_by": "manager:02aa",
    "decided_at": "2026-11-23T15:20:00Z",
    "decision_reason": None,
    "credit_note_id": "018f0000-0000-7000-8000-00000000b001",
}


class CreditRequestOut(ResponseBody):
    """A request, and what became of it; `credit_note_id` is the note that completed it, but of a void there is none."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: UUID
    state: CreditRequestState
    invoice_id: UUID
    patient_id: UUID
    kind: str
    """The credit note's; `undo_debit_note` where a debit note is to be undone, `void` where the invoice is."""
    amount: MoneyOut
    """What it comes to, tax included."""
    limit: MoneyOut
    """The clinic's when it was asked for."""
    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    credit_note_id: UUID | None

    @classmethod
    def of(cls, request: CreditRequest) -> CreditRequestOut:
        """As the wire has it."""
        told = {name: getattr(request, name) for name in cls.model_fields if hasattr(request, name)}
        return cls(
            **told
            | {
                "amount": MoneyOut.of(Money(request.total, request.currency)),
                "limit": MoneyOut.of(Money(request.limit, request.currency)),
                "credit_note_id": request.note_id,
            }
        )
