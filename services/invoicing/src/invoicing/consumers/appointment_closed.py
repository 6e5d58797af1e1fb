"""A visit is over: its draft may be issued (`INV-2`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.clinical import AppointmentClosed

from invoicing.use_cases.close_appointments import Closing, close_appointments


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Close a batch of appointments."""
    await close_appointments(work, [_closing_of(message) for message in messages])


def _closing_of(message: Message) -> Closing:
    event = AppointmentClosed.model_validate_json(message.data)
    return Closing(
        clinic_id=event.clinic_id,
        appointment_id=event.appointment_id,
        patient_id=event.patient_id,
        payer_id=event.primary_payer_id,
        payer_name=event.primary_payer_name,
    )
