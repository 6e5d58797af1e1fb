"""The practice's events as its systems announce them: patients registered, procedures completed, visits closed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.addresses import PostalAddress
from contracts.clinical import AppointmentClosed, ProcedureCompleted
from contracts.event import FIRST_DAY
from contracts.patients import ContactPoint, PatientRegistered

from contracts import Amount, Event
from local_stack.practice.ledger import Clinic, Patient, Procedure, Visit, as_amount, derived_id

CURRENCY = "USD"
ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Announced:
    """An event on its way to Kafka: the same data gives the same id, so playing twice changes nothing (`INV-1`)."""

    id: UUID
    source: str
    subject: UUID
    event: Event


def registration(clinic: Clinic, patient: Patient) -> Announced:
    """A patient is registered with a clinic that they visit."""
    event = PatientRegistered(
        clinic_id=clinic.id,
        occurred_at=datetime.combine(max(patient.birth_date, FIRST_DAY), datetime.min.time(), UTC),
        patient_id=patient.id,
        version=1,
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        language="en-US",
        time_zone=ZONE.key,
        address=PostalAddress(
            lines=(patient.address,),
            city=patient.city,
            region=patient.state or None,
            postal_code=patient.zip or None,
            country="US",
        ),
        contact_points=contact_points(patient),
    )
    return Announced(derived_id("registered", clinic.id, patient.id), "/practice/patients", patient.id, event)


def of_visit(visit: Visit) -> Iterator[Announced]:
    """What the clinical system announces of a visit: each procedure completed, then that the visit is over."""
    for procedure in visit.procedures:
        event = _completed(visit, procedure)
        yield Announced(derived_id("completed", procedure.id), "/practice/clinical", procedure.id, event)
    insurer = visit.insurer
    closed = AppointmentClosed(
        clinic_id=visit.clinic_id,
        occurred_at=visit.stop,
        appointment_id=visit.id,
        patient_id=visit.patient_id,
        primary_payer_id=insurer.id if insurer else None,
        primary_payer_name=insurer.name if insurer else None,
    )
    yield Announced(derived_id("closed", visit.clinic_id, visit.id), "/practice/clinical", visit.id, closed)


def _completed(visit: Visit, procedure: Procedure) -> ProcedureCompleted:
    return ProcedureCompleted(
        clinic_id=visit.clinic_id,
        occurred_at=procedure.stop,
        procedure_id=procedure.id,
        patient_id=visit.patient_id,
        appointment_id=visit.id,
        provider_id=visit.provider_id,
        provider_name=provider_name(visit.provider_id),
        code_system=procedure.code_system,
        code=procedure.code,
        description=procedure.description,
        date_of_service=procedure.start.astimezone(ZONE).date(),
        fee=Amount(amount=as_amount(procedure.fee), currency=CURRENCY),
    )


_PROVIDERS = ("Abara", "Brandt", "Calderón", "Desai", "Eriksen", "Fontaine", "Grigoryan", "Haddad", "Ito", "Jankowski")


def provider_name(provider_id: UUID) -> str:
    """A made-up name: the data has only the provider's identifier."""
    return f"Dr. {_PROVIDERS[provider_id.int % len(_PROVIDERS)]}"


NO_ADDRESS, NO_CONSENT, EVERY = 4, 7, 10
"""Of ten patients, by their identifier, one gave no address and one does not want documents by email (`NOT-2`)."""


def contact_points(patient: Patient) -> tuple[ContactPoint, ...]:
    """How the patient is reached; most want their documents by email."""
    kind = patient.id.int % EVERY
    if kind == NO_ADDRESS:
        return ()
    consents = () if kind == NO_CONSENT else ("documents", "reminders")
    return (ContactPoint(channel="email", value=email_of(patient), consents=consents),)


def email_of(patient: Patient) -> str:
    """A made-up address at a domain that never receives mail (RFC 2606), in ASCII."""
    names = (_ascii(patient.given_name), _ascii(patient.family_name))
    local = ".".join(name for name in names if name)
    return f"{local or patient.id.hex[:12]}@example.org"


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
