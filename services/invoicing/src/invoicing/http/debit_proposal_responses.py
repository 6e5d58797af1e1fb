"""What responses about proposed debit notes say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from pydantic import ConfigDict
from pydantic.config import JsonDict

from invoicing.domain.debit_proposal import DebitProposal, ProposalState

_EXAMPLE: JsonDict = {
    "id": "018f0000-0000-7000-8000-00000000d001",
    "state": "open",
    "payment_id": "018f0000-0000-7000-8000-00000000d002",
    "patient_id": "018f0000-0000-7000-8000-000000000002",
    "invoice_id": "018f0000-0000-7000-8000-00000000a001",
    "amount": {"amount": "30.00", "currency": "USD"},
    "proposed_at": "2026-11-25T09:45:00Z",
    "closed_at": None,
    "closed_by": None,
    "closed_because": None,
    "debit_note_id": None,
}


class DebitProposalOut(ResponseBody):
    """What had been refunded of a payment that the bank then took back: the clinic's loss, unless it is debited."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: UUID
    """The chargeback's."""
    state: ProposalState
    payment_id: UUID
    patient_id: UUID
    invoice_id: UUID | None
    """The invoice that the chargeback reopened, debited unless another is named; null where it reopened none."""
    amount: MoneyOut
    proposed_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None
    debit_note_id: UUID | None

    @classmethod
    def of(cls, proposal: DebitProposal) -> DebitProposalOut:
        """As the wire has it."""
        told = {name: getattr(proposal, name) for name in cls.model_fields if name not in ("amount", "debit_note_id")}
        return cls(**told, amount=MoneyOut.of(proposal.amount), debit_note_id=proposal.note_id)
