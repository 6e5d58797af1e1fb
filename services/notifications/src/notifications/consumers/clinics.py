"""Clinics: what the check before sending and letters know of them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfoNotFoundError

from chassis.clock import zone
from chassis.database import Work
from chassis.messaging import Message, Permanent
from contracts.clinics import ClinicConfigured

from notifications.consumers.event_mapping import events_of
from notifications.domain.facts import Clinic, ClinicVersion
from notifications.persistence import clinics


async def on_clinic_configured(work: Work, messages: Sequence[Message]) -> None:
    """Keep the newest version of each clinic."""
    await clinics.keep_newest(work, [_version(event) for _, event in events_of(ClinicConfigured, messages)])


def _version(event: ClinicConfigured) -> ClinicVersion:
    try:
        zone(event.time_zone)
    except ZoneInfoNotFoundError:
        raise Permanent("the clinic's time zone is not an IANA zone") from None
    clinic = Clinic(event.name, event.time_zone, event.language, event.email, event.phone)
    return ClinicVersion(event.clinic_id, event.version, clinic)
