"""Patients: whom to write to and how, who is forgotten, and which records are one (`NOT-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfoNotFoundError

from chassis.clock import zone
from chassis.database import Work
from chassis.database.merged_records import Merged
from chassis.messaging import Message
from chassis.messaging.forgetting import forget, merge_records
from contracts.patients import PatientDetails, PatientForgotten, PatientMerged
from contracts.personal import without_payer, without_person

from notifications.consumers.event_mapping import events_of
from notifications.domain.facts import ContactPoint, Patient, PatientVersion
from notifications.persistence import patients
from notifications.use_cases.forget_patients import forget_patients


async def on_patient_registered(work: Work, messages: Sequence[Message]) -> None:
    """Keep the newest version of each patient.

    PatientRegistered and PatientChanged: contact points, consent, language and zone (`NOT-2`). Both carry everything.
    """
    versions = [_version(event) for _, event in events_of(PatientDetails, messages)]
    versions.sort(key=lambda version: (version.clinic_id, version.patient_id))
    await patients.keep_newest(work, versions)


def _version(event: PatientDetails) -> PatientVersion:
    points = tuple(ContactPoint(point.channel, point.value, point.consents) for point in event.contact_points)
    patient = Patient(event.given_name, event.family_name, event.language, _known(event.time_zone), points)
    return PatientVersion(event.clinic_id, event.patient_id, event.version, patient)


def _known(name: str | None) -> str | None:
    """A zone that we do not know is as good as none: the clinic's then decides."""
    try:
        return name if name and zone(name) else None
    except ZoneInfoNotFoundError:
        return None


async def on_patient_forgotten(work: Work, messages: Sequence[Message]) -> None:
    """Forget them for good, whatever of them comes later.

    Nobody is written to any more, and what was written says nothing of whom it reached (`ALL-9`).
    """
    who = {(event.clinic_id, event.patient_id) for _, event in events_of(PatientForgotten, messages)}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_payer)
    await forget_patients(work, who)


async def on_patient_merged(work: Work, messages: Sequence[Message]) -> None:
    """Keep what the register said; it comes out the same in any order, and twice.

    Two records of the register are one patient: what is kept under either is found by both from now on (`ALL-10`).
    """
    events = [PatientMerged.model_validate_json(message.data) for message in messages]
    told = [Merged(event.clinic_id, event.merged_patient_id, event.patient_id, event.occurred_at) for event in events]
    await merge_records(work.connection, told, without_person)
