"""A patient was registered or changed: keep what they are found by (`INV-18`) and what claims need (`INS-2`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.addresses import PostalAddress
from contracts.patients import PatientDetails

from contracts import claims
from invoicing.domain.claim import Coverage, Residence, Subscriber
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
        coverages=tuple(_coverage(one) for one in event.coverages),
        address=_residence(event.address),
    )


def _coverage(told: claims.Coverage) -> Coverage:
    said = {name: getattr(told, name) for name in Coverage.__dataclass_fields__ if name != "subscriber"}
    return Coverage(**said, subscriber=_subscriber(told.subscriber) if told.subscriber else None)


def _subscriber(told: claims.Subscriber) -> Subscriber:
    return Subscriber(told.family_name, told.given_name, told.birth_date, told.gender, _residence(told.address))


def _residence(told: PostalAddress | None) -> Residence | None:
    return Residence(told.lines, told.city, told.country, told.region, told.postal_code) if told else None
