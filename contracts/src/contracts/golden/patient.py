"""The patient, as the register has her."""

from __future__ import annotations

from datetime import date

from contracts.addresses import PostalAddress
from contracts.claims import Coverage, Subscriber
from contracts.golden.example import AMARA, AMARA_TWICE, CLINIC, INSURER, TOMAS, Golden, at, numbered
from contracts.patients import ContactPoint, PatientChanged, PatientForgotten, PatientMerged, PatientRegistered

REGISTER = "/practice/patient-register"
HOME = PostalAddress(
    lines=("12 Harbor Street", "Apt 4"), city="Springfield", region="MA", postal_code="01103", country="US"
)

COVERAGE = Coverage(
    payer_id=INSURER,
    payer_name="Harbor Dental Mutual",
    payer_identifier="66001",
    subscriber_id="W1180027741",
    group_number="GRP-4471",
    relationship="01",
    group_name="Springfield Schools",
    filing_indicator="CI",
    subscriber=Subscriber(
        given_name="Tomás", family_name="Núñez", birth_date=date(1985, 2, 17), gender="M", address=HOME
    ),
)

REGISTERED = PatientRegistered(
    clinic_id=CLINIC,
    occurred_at=at(3, 15, 20),
    patient_id=AMARA,
    version=1,
    given_name="Amara",
    family_name="Okafor-Núñez",
    birth_date=date(1987, 4, 9),
    gender="F",
    chart_number="C-20417",
    language="en-US",
    address=HOME,
    contact_points=(ContactPoint(channel="email", value="amara@example.org", consents=("documents",)),),
    coverages=(COVERAGE,),
)

CHANGED = PatientChanged(
    clinic_id=CLINIC,
    occurred_at=at(18, 9, 3),
    patient_id=AMARA,
    version=2,
    given_name="Amara",
    family_name="Okafor-Núñez",
    birth_date=date(1987, 4, 9),
    gender="F",
    chart_number="C-20417",
    language="es-US",
    time_zone="America/New_York",
    address=HOME,
    contact_points=(
        ContactPoint(channel="email", value="amara@example.org", consents=("documents", "reminders")),
        ContactPoint(channel="sms", value="+14135550177", consents=("reminders",)),
    ),
    coverages=(COVERAGE,),
)

FORGOTTEN = PatientForgotten(clinic_id=CLINIC, occurred_at=at(28, 11), patient_id=TOMAS)
"""Another one than Amara, whose story goes on."""
MERGED = PatientMerged(clinic_id=CLINIC, occurred_at=at(19, 10, 12), patient_id=AMARA, merged_patient_id=AMARA_TWICE)

EXAMPLES = (
    Golden(REGISTERED, REGISTER, AMARA, 1, numbered(0xE1, 1)),
    Golden(CHANGED, REGISTER, AMARA, 2, numbered(0xE1, 2)),
    Golden(FORGOTTEN, REGISTER, TOMAS, 3, numbered(0xE1, 3)),
    Golden(MERGED, REGISTER, AMARA, 3, numbered(0xE1, 4)),
)
