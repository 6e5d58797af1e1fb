"""Installment plans and what was announced of their due dates."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from invoicing.persistence.tables.metadata import METADATA, MOMENT

INSTALLMENT_PLANS = Table(
    "installment_plans",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ended", Boolean, nullable=False, server_default=text("false")),
    Column("recorded_on", Date),
    Column("included_minor", BigInteger, nullable=False, server_default=text("0")),
)

INSTALLMENT_PLAN_VERSIONS = Table(
    "installment_plan_versions",
    METADATA,
    Column("plan_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("cause", Text, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("reason", Text),
    Column("invoice_version", Integer, nullable=False),
    Column("note_id", Uuid),
    Column("terms", JSONB),
    Column("instead_of", Integer),
)

INSTALLMENTS = Table(
    "installments",
    METADATA,
    Column("plan_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("installment_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
)

INSTALLMENT_DUES = Table(
    "installment_dues",
    METADATA,
    Column("installment_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("plan_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("step", SmallInteger, nullable=False, server_default=text("1")),
    Column("due_soon_on", Date),
    Column("due_on", Date),
    Column("overdue_on", Date),
    Column("unpaid_minor", BigInteger),
)

DUE_ANNOUNCEMENTS = Table(
    "due_announcements",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("said_at", MOMENT, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("unpaid_minor", BigInteger, nullable=False),
    Column("plan_id", Uuid),
    Column("installment_id", Uuid),
    Column("position", Integer),
)
