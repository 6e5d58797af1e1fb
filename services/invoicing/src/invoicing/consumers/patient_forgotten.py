"""A patient is to be forgotten: nothing that names them stays here but what the books need (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.forgetting import forget
from contracts.patients import PatientForgotten
from contracts.personal import without_person

from invoicing.use_cases.forget_patients import forget_patients


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Forget them for good, whatever of them comes later."""
    who = {(one.clinic_id, one.patient_id) for one in map(_read, messages)}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_person)
    await forget_patients(work, who)


def _read(message: Message) -> PatientForgotten:
    return PatientForgotten.model_validate_json(message.data)
