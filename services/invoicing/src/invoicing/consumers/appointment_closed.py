"""A visit is over: its draft may be issued (`INV-2`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.numbering import DateBeforeSeries
from chassis.messaging import Message, NotYet
from contracts.clinical import AppointmentClosed

from invoicing.use_cases.close_appointments import Closing, close_appointments


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Close a batch of appointments."""
    try:
        await close_appointments(work, [_closing_of(message) for message in messages])
    except DateBeforeSeries as early:
        # Midnight passed between two transactions; by the next try it has passed for this one too.
        raise NotYet(str(early)) from early


def _closing_of(message: Message) -> Closing:
    event = AppointmentClosed.model_validate_json(message.data)
    return Closing(
        clinic_id=event.clinic_id,
        appointment_id=event.appointment_id,
        patient_id=event.patient_id,
        payer_id=event.primary_payer_id,
        payer_name=event.primary_payer_name,
    )
