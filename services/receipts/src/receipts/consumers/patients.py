"""Patients: how documents name them, who is forgotten, and which records are one."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.merged_records import Merged
from chassis.messaging import Message
from chassis.messaging.forgetting import forget, merge_records
from contracts.patients import PatientDetails, PatientForgotten, PatientMerged
from contracts.personal import without_person

from receipts.consumers.event_mapping import address
from receipts.domain.people import Patient
from receipts.persistence import people
from receipts.use_cases.forget_patients import forget_patients


async def on_patient_details(work: Work, messages: Sequence[Message]) -> None:
    """Keep the highest version of each, and for a while the earlier ones: what was true at a transaction (`RCP-9`).

    A patient was registered or changed: keep the name, address and language that documents use.
    """
    events = [PatientDetails.model_validate_json(message.data) for message in messages]
    await people.put_patients(work.connection, [(_patient(event), event.occurred_at) for event in events], work.now)


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


async def on_patient_forgotten(work: Work, messages: Sequence[Message]) -> None:
    """Forget them for good, whatever of them comes later.

    A patient is to be forgotten: issued documents stay while the law has them kept, all else goes (`ALL-9`).
    """
    events = [PatientForgotten.model_validate_json(message.data) for message in messages]
    who = {(event.clinic_id, event.patient_id) for event in events}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_person)
    await forget_patients(work, who)


async def on_patient_merged(work: Work, messages: Sequence[Message]) -> None:
    """Keep what the register said; it comes out the same in any order, and twice.

    Two records of the register are one patient: what is kept under either is found by both from now on (`ALL-10`).
    """
    events = [PatientMerged.model_validate_json(message.data) for message in messages]
    told = [Merged(event.clinic_id, event.merged_patient_id, event.patient_id, event.occurred_at) for event in events]
    await merge_records(work.connection, told, without_person)
