"""What the practice told of: appointments, patients, and the clinics with their settings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from invoicing.persistence.tables.metadata import METADATA, MOMENT

CLOSED_APPOINTMENTS = Table(
    "closed_appointments",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("appointment_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, nullable=False),
    Column("payer_id", Uuid),
    Column("payer_name", Text),
    Column("closed_at", MOMENT, nullable=False),
)

PATIENTS = Table(
    "patients",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("birth_date", Date),
    Column("chart_number", Text),
    Column("gender", Text),
    Column("coverages", JSONB),
    Column("address", JSONB),
    Column("forgotten_at", MOMENT),
)

PATIENT_WORDS = Table(
    "patient_words",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("word", Text, primary_key=True),
)

CLINICS = Table(
    "clinics",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("settings", JSONB, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
)

CLINIC_VERSIONS = Table(
    "clinic_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("settings", JSONB, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text),
)

CLINIC_DIRECTORY = Table(
    "clinic_directory",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
)

CURRENCIES_IN_USE = Table(
    "currencies_in_use",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("currency", Text, primary_key=True),
)
