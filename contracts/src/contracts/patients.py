"""The patient register's events: who a patient is, how to reach them, in which language, and what they consented to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Part, event

TOPIC = "dental.patients.v1"


class PostalAddress(Part):
    """Where a patient lives, as printed on an invoice."""

    lines: Annotated[tuple[str, ...], Field(max_length=4)]
    city: str
    region: str | None = None
    postal_code: str | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["US"])]


class ContactPoint(Part):
    """One way to reach a patient. `consents` names the purposes that the patient allowed for it (`NOT-2`)."""

    channel: Literal["email", "sms"]
    value: Annotated[str, Field(max_length=320)]
    consents: tuple[Literal["documents", "reminders"], ...] = ()
    """`documents`: receipts, invoices, cancellations. `reminders`: what is due soon, due or overdue."""


class PatientDetails(Event):
    """A patient as the register has them now; each event carries the whole of it, the highest `version` is the truth."""

    patient_id: UUID
    version: Annotated[int, Field(ge=1)]
    given_name: Annotated[str, Field(max_length=200)]
    family_name: Annotated[str, Field(max_length=200)]
    birth_date: date | None = None
    language: Annotated[str | None, Field(max_length=35, examples=["en-US"])] = None
    time_zone: Annotated[str | None, Field(max_length=64, examples=["America/New_York"])] = None
    address: PostalAddress | None = None
    contact_points: Annotated[tuple[ContactPoint, ...], Field(max_length=20)] = ()


@event("dental.patient.registered.v1", TOPIC)
class PatientRegistered(PatientDetails):
    """A patient was registered with a clinic."""


@event("dental.patient.changed.v1", TOPIC)
class PatientChanged(PatientDetails):
    """A patient's details changed: name, contact points, language, zone or consent (`NOT-2`)."""
