"""A patient was registered or changed: keep the name, address and language that documents use."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.patients import PatientDetails

from receipts.consumers.reading import address
from receipts.domain.people import Patient
from receipts.persistence import people


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Keep the highest version of each."""
    events = [PatientDetails.model_validate_json(message.data) for message in messages]
    await people.put_patients(work.connection, [_patient(event) for event in events])


def _patient(event: PatientDetails) -> Patient:
    return Patient(
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        version=event.version,
        given_name=event.given_name,
        family_name=event.family_name,
        language=event.language,
        address=address(event.address),
    )
