"""A patient was registered or changed: keep what they are found by (`INV-18`) and what claims need (`INS-2`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.patients import PatientDetails

from invoicing.domain.claim import Coverage
from invoicing.domain.patient import Patient
from invoicing.use_cases.keep_patients import keep_patients


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Keep the highest version of each, in whatever order they come."""
    await keep_patients(work, [_patient(PatientDetails.model_validate_json(message.data)) for message in messages])


def _patient(event: PatientDetails) -> Patient:
    return Patient(
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        version=event.version,
        given_name=event.given_name,
        family_name=event.family_name,
        birth_date=event.birth_date,
        chart_number=event.chart_number,
        gender=event.gender,
        coverages=tuple(
            Coverage(**{name: getattr(one, name) for name in Coverage.__dataclass_fields__}) for one in event.coverages
        ),
    )
