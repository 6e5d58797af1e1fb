"""A patient is to be forgotten: issued documents stay while the law has them kept, all else goes (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.forgetting import forget
from contracts.patients import PatientForgotten
from contracts.personal import without_person

from receipts.use_cases.forget_patients import forget_patients


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Forget them for good, whatever of them comes later."""
    events = [PatientForgotten.model_validate_json(message.data) for message in messages]
    who = {(event.clinic_id, event.patient_id) for event in events}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_person)
    await forget_patients(work, who)
