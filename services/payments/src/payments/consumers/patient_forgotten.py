"""A patient is to be forgotten: what was noted of their payments goes, the journal stays (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.forgetting import forget
from contracts.patients import PatientForgotten
from contracts.personal import without_payer

from payments.use_cases.forget_patients import forget_patients


async def on_patient_forgotten(work: Work, messages: Sequence[Message]) -> None:
    """Forget them; payments knows patients by their ids only. Who paid is in the books, and in no kept answer."""
    events = [PatientForgotten.model_validate_json(message.data) for message in messages]
    who = {(event.clinic_id, event.patient_id) for event in events}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_payer)
    await forget_patients(work, who)
