"""The tables, each declared once: names, types, what may be missing and defaults. The migrations make them.

Keys to other tables, checks, indexes, triggers and row-level security stand in the migrations alone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData()
MOMENT = DateTime(timezone=True)

ANNOUNCED_RECEIPTS = Table(
    "announced_receipts",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("receipt_id", Uuid, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("announced_at", MOMENT, nullable=False),
)

CLINIC_DIRECTORY = Table(
    "clinic_directory",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
)

CLINIC_VERSIONS = Table(
    "clinic_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("details", JSONB, nullable=False),
    Column("since", MOMENT, nullable=False, server_default=text("'-infinity'::timestamp with time zone")),
)

COMPOSED_DOCUMENTS = Table(
    "composed_documents",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("sha256", Text),
    Column("pdf", LargeBinary),
)

DELETED_DOCUMENTS = Table(
    "deleted_documents",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("deleted_at", MOMENT, nullable=False, server_default=text("clock_timestamp()")),
)

DOCUMENT_SETTING_VERSIONS = Table(
    "document_setting_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("paper", Text),
    Column("show_note", Boolean),
    Column("show_procedures", Boolean, nullable=False),
    Column("account_holder", Text),
    Column("iban", Text),
    Column("bic", Text),
    Column("payment_link", Text),
    Column("reason", Text),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
)

DOCUMENT_SETTINGS = Table(
    "document_settings",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("paper", Text),
    Column("show_note", Boolean),
    Column("show_procedures", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
)

DOCUMENT_TEMPLATE_VERSIONS = Table(
    "document_template_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("templates", JSONB, nullable=False),
    Column("texts", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
)

TEMPLATE_FAILURES = Table(
    "template_failures",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("rendition", Text, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("failed_at", MOMENT, nullable=False),
)

INSTALLMENT_PLANS = Table(
    "installment_plans",
    METADATA,
    Column("plan_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("named", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
)

INSTALLMENT_PLAN_VERSIONS = Table(
    "installment_plan_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("invoice_id", Uuid, nullable=False),
    Column("since", MOMENT, nullable=False),
    Column("details", JSONB, nullable=False),
)

INSTALLMENT_SETTLEMENTS = Table(
    "installment_settlements",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("installment_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("recorded_at", MOMENT, nullable=False),
    Column("place", Integer),
)

INVOICES = Table(
    "invoices",
    METADATA,
    Column("invoice_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("voided_at", MOMENT),
    Column("void_reason", Text),
)

NOTES = Table(
    "notes",
    METADATA,
    Column("note_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("content", JSONB, nullable=False),
)

OBJECT_REMOVALS = Table(
    "object_removals",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("due_at", MOMENT, nullable=False),
)

PATIENTS = Table(
    "patients",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("forgotten_at", MOMENT),
    Column("since", MOMENT, nullable=False, server_default=text("'-infinity'::timestamp with time zone")),
)

PATIENT_VERSIONS = Table(
    "patient_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("details", JSONB, nullable=False),
    Column("since", MOMENT, nullable=False),
)

PLAN_AGREEMENTS = Table(
    "plan_agreements",
    METADATA,
    Column("agreement_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("plan_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("receipt_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("transaction_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("numbered_on", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("recorded_at", MOMENT, nullable=False),
    Column("numbered_at", MOMENT, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("sha256", Text),
    Column("size_bytes", Integer),
    Column("stored_at", MOMENT),
    Column("voided_at", MOMENT),
    Column("void_cause", Text),
    Column("void_reason", Text),
)

RENDER_TASKS = Table(
    "render_tasks",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("rendition", Text, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'queued'::text")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease", Uuid),
    Column("leased_until", MOMENT, nullable=False, server_default=text("'-infinity'::timestamp with time zone")),
    Column("failure", Text),
    Column("requested_at", MOMENT, nullable=False, server_default=text("clock_timestamp()")),
    Column("traceparent", Text),
    Column("tracestate", Text),
    Column("waited_for", Boolean, Computed("(priority = 0)")),
    Column("turn", BigInteger, nullable=False, server_default=text("0")),
    Column("interruptions", Integer, nullable=False, server_default=text("0")),
)

STORED_DOCUMENTS = Table(
    "stored_documents",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("rendition", Text, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("stored_at", MOMENT, nullable=False),
    Column("pdf", LargeBinary, nullable=False),
    Column("media_type", Text, nullable=False, server_default=text("'application/pdf'::text")),
    Column("in_store", Boolean, nullable=False, server_default=text("false")),
)
