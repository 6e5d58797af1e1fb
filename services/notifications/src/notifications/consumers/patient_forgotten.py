"""PatientForgotten: nobody is written to any more, and what was written says nothing of whom it reached (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.forgetting import forget
from contracts.patients import PatientForgotten
from contracts.personal import without_payer

from notifications.consumers.reading import events_of
from notifications.use_cases.forget_patients import forget_patients


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Forget them for good, whatever of them comes later."""
    who = {(event.clinic_id, event.patient_id) for _, event in events_of(PatientForgotten, messages)}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_payer)
    await forget_patients(work, who)
