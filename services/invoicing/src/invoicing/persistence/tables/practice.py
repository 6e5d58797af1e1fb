"""What the practice told of: procedures, appointments, patients, and the clinics with their settings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from invoicing.persistence.tables.metadata import METADATA, MOMENT

BILLABLE_PROCEDURES = Table(
    "billable_procedures",
    METADATA,
    Column("procedure_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("completed_at", MOMENT),
    Column("reverted_at", MOMENT),
    Column("reverted_sequence", BigInteger),
    Column("revert_reason", Text),
    Column("appointment_id", Uuid),
    Column("provider_id", Uuid),
    Column("provider_name", Text),
    Column("code_system", Text),
    Column("code", Text),
    Column("description", Text),
    Column("tooth", Text),
    Column("surface", Text),
    Column("date_of_service", Date),
    Column("fee_minor", BigInteger),
    Column("fee_currency", Text),
    Column("treatment_plan_id", Uuid),
    Column("treatment_plan_item_id", Uuid),
    Column("invoice_id", Uuid),
    Column("invoiced_ahead", Boolean, nullable=False, server_default=text("false")),
    Column("claim", JSONB),
)

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
