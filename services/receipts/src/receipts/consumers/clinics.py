"""Clinics: the letterhead of their documents."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.clinics import ClinicConfigured

from receipts.consumers.event_mapping import address
from receipts.domain.people import Clinic
from receipts.persistence import people


async def on_clinic_configured(work: Work, messages: Sequence[Message]) -> None:
    """Keep each version, and since when it holds (`RCP-9`)."""
    events = [ClinicConfigured.model_validate_json(message.data) for message in messages]
    await people.add_clinics(work.connection, [(_clinic(event), event.occurred_at) for event in events])


def _clinic(event: ClinicConfigured) -> Clinic:
    return Clinic(
        clinic_id=event.clinic_id,
        version=event.version,
        name=event.name,
        legal_name=event.legal_name,
        address=address(event.address),
        phone=event.phone,
        email=event.email,
        tax_number=event.tax_number,
        logo_svg=event.logo_svg if event.logo is None else None,
        logo=event.logo,
        currency=event.currency,
        time_zone=event.time_zone,
        language=event.language,
        paper=event.paper,
        receipt_number_pattern=event.receipt_number_pattern,
        receipt_shows_note=event.receipt_shows_note,
        retention_years=event.retention_years,
    )
