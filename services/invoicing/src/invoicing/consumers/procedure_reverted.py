"""A completed procedure was taken back (`INV-1`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.clinical import ProcedureReverted

from invoicing.persistence.billable_procedures import Reversal
from invoicing.use_cases.take_back_procedures import take_back_procedures


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Take a batch of procedures back."""
    await take_back_procedures(work, [_reversal_of(message) for message in messages])


def _reversal_of(message: Message) -> Reversal:
    event = ProcedureReverted.model_validate_json(message.data)
    return Reversal(event.clinic_id, event.procedure_id, event.patient_id, message.sequence, event.reason)
