"""Clinics: what payments has to know of their settings."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.clinics import ClinicConfigured

from payments.domain.clinic import ClinicVersion
from payments.use_cases.configure_clinics import configure_clinics


async def on_clinic_configured(work: Work, messages: Sequence[Message]) -> None:
    """Keep each clinic's newest currency, zone and years of retention."""
    events = [ClinicConfigured.model_validate_json(message.data) for message in messages]
    versions = [
        ClinicVersion(event.clinic_id, event.version, event.currency, event.time_zone, event.retention_years)
        for event in events
    ]
    await configure_clinics(work, versions)
