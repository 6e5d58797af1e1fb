"""PatientRegistered and PatientChanged: contact points, consent, language and zone (`NOT-2`). Both carry everything."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfoNotFoundError

from chassis.clock import zone
from chassis.database import Work
from chassis.messaging import Message
from contracts.patients import PatientDetails

from notifications.consumers.reading import events_of
from notifications.domain.facts import ContactPoint, Patient
from notifications.persistence import patients


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Keep the newest version of each patient."""
    versions = [_version(event) for _, event in events_of(PatientDetails, messages)]
    versions.sort(key=lambda version: (version.clinic_id, version.patient_id))
    await patients.keep_newest(work, versions)


def _version(event: PatientDetails) -> patients.PatientVersion:
    points = tuple(ContactPoint(one.channel, one.value, one.consents) for one in event.contact_points)
    patient = Patient(event.given_name, event.family_name, event.language, _known(event.time_zone), points)
    return patients.PatientVersion(event.clinic_id, event.patient_id, event.version, patient)


def _known(name: str | None) -> str | None:
    """A zone that we do not know is as good as none: the clinic's then decides."""
    try:
        return name if name and zone(name) else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
