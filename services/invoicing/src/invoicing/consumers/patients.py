"""Patients: what they are found by, who is forgotten, and which records are one."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.merged_records import Merged
from chassis.messaging import Message
from chassis.messaging.forgetting import forget, merge_records
from contracts.addresses import PostalAddress
from contracts.patients import PatientDetails, PatientForgotten, PatientMerged
from contracts.personal import without_person

from contracts import claims
from invoicing.domain.claim import Coverage, Residence, Subscriber
from invoicing.domain.patient import Patient
from invoicing.use_cases.forget_patients import forget_patients
from invoicing.use_cases.keep_patients import keep_patients


async def on_patient_details(work: Work, messages: Sequence[Message]) -> None:
    """Keep the highest version of each, in whatever order they come.

    A patient was registered or changed: keep what they are found by (`INV-18`) and what claims need (`INS-2`).
    """
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
        coverages=tuple(_coverage(coverage) for coverage in event.coverages),
        address=_residence(event.address),
    )


def _coverage(told: claims.Coverage) -> Coverage:
    said = {name: getattr(told, name) for name in Coverage.__dataclass_fields__ if name != "subscriber"}
    return Coverage(**said, subscriber=_subscriber(told.subscriber) if told.subscriber else None)


def _subscriber(told: claims.Subscriber) -> Subscriber:
    return Subscriber(told.family_name, told.given_name, told.birth_date, told.gender, _residence(told.address))


def _residence(told: PostalAddress | None) -> Residence | None:
    return Residence(told.lines, told.city, told.country, told.region, told.postal_code) if told else None


async def on_patient_forgotten(work: Work, messages: Sequence[Message]) -> None:
    """Forget them for good, whatever of them comes later.

    A patient is to be forgotten: nothing that names them stays here but what the books need (`ALL-9`).
    """
    who = {(one.clinic_id, one.patient_id) for one in map(_read, messages)}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_person)
    await forget_patients(work, who)


def _read(message: Message) -> PatientForgotten:
    return PatientForgotten.model_validate_json(message.data)


async def on_patient_merged(work: Work, messages: Sequence[Message]) -> None:
    """Keep what the register said; it comes out the same in any order, and twice.

    Two records of the register are one patient: what is kept under either is found by both from now on (`ALL-10`).
    """
    events = [PatientMerged.model_validate_json(message.data) for message in messages]
    told = [Merged(event.clinic_id, event.merged_patient_id, event.patient_id, event.occurred_at) for event in events]
    await merge_records(work.connection, told, without_person)
