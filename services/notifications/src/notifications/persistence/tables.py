"""The tables, each declared once: names, types, what may be missing and defaults. The migrations make them.

Keys to other tables, checks, indexes, triggers and row-level security stand in the migrations alone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData()
MOMENT = DateTime(timezone=True)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text),
    Column("by_subject", Text, nullable=False),
)

CLINIC_DIRECTORY = Table(
    "clinic_directory",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
)

CLINICS = Table(
    "clinics",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
)

CREDIT_PARTS = Table(
    "credit_parts",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, primary_key=True),
    Column("held_minor", BigInteger, nullable=False),
    Column("told", Boolean, nullable=False, server_default=text("false")),
)

ENDPOINT_ALERTS = Table(
    "endpoint_alerts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("endpoint_id", Uuid, nullable=False),
    Column("because", Text, nullable=False),
    Column("failing_since", MOMENT),
    Column("disabled_at", MOMENT, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_failed_at", MOMENT),
    Column("next_attempt_at", MOMENT),
)

INSTALLMENT_PLANS = Table(
    "installment_plans",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("installments", JSONB, nullable=False),
    Column("named", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
)

INVOICES = Table(
    "invoices",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("total_minor", BigInteger),
    Column("change_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("is_void", Boolean, nullable=False, server_default=text("false")),
    Column("insurers_estimated_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("insurers_decided_minor", BigInteger),
    Column("insurers_decided_version", BigInteger, nullable=False, server_default=text("0")),
    Column("insurers_paid_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("asked_of_lines_minor", BigInteger),
    Column("asked_of_lines_version", BigInteger, nullable=False, server_default=text("0")),
)

MESSAGES = Table(
    "messages",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("about_event_id", Text, nullable=False),
    Column("about_event_type", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", JSONB, nullable=False),
    Column("transaction_id", Uuid),
    Column("invoice_id", Uuid),
    Column("plan_id", Uuid),
    Column("state", Text, nullable=False),
    Column("cause", Text),
    Column("planned_at", MOMENT, nullable=False),
    Column("next_attempt_at", MOMENT),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("first_failed_at", MOMENT),
    Column("claimed_at", MOMENT),
    Column("sent_at", MOMENT),
    Column("address", Text),
    Column("contact_of", Uuid),
    Column("template", Text),
    Column("template_version", Integer, nullable=False, server_default=text("0")),
    Column("language", Text),
    Column("provider_answer", Text),
    Column("traceparent", Text),
    Column("tracestate", Text),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("copy_of", Uuid),
    Column("priority", SmallInteger, nullable=False, server_default=text("1")),
)

PATIENTS = Table(
    "patients",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("language", Text),
    Column("time_zone", Text),
    Column("contact_points", JSONB, nullable=False),
    Column("forgotten_at", MOMENT),
)

PROVIDER_PACES = Table(
    "provider_paces",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("next_at", MOMENT, nullable=False),
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("receipt_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
)

SENDING_QUEUE = Table(
    "sending_queue",
    METADATA,
    Column("message_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("priority", SmallInteger, nullable=False, server_default=text("1")),
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("body", JSONB, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text),
)

SUPPRESSED_ADDRESSES = Table(
    "suppressed_addresses",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text),
    Column("status", Text, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("suppressed_at", MOMENT, nullable=False),
    Column("lifted_at", MOMENT),
    Column("lifted_by", Text),
    Column("lift_reason", Text),
    Column("purpose", Text),
)

WEBHOOK_CHANGES = Table(
    "webhook_changes",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("endpoint_id", Uuid, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text),
    Column("at", MOMENT, nullable=False),
    Column("by_subject", Text, nullable=False),
)

WEBHOOK_DELIVERIES = Table(
    "webhook_deliveries",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("endpoint_id", Uuid, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("planned_at", MOMENT, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("answer", Text),
    Column("next_attempt_at", MOMENT),
    Column("ended_at", MOMENT),
)

WEBHOOK_ENDPOINTS = Table(
    "webhook_endpoints",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("url", Text, nullable=False),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("description", Text),
    Column("secret", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("previous_secret", Text),
    Column("previous_secret_until", MOMENT),
    Column("disabled_because", Text),
    Column("failing_since", MOMENT),
    Column("version", BigInteger, nullable=False),
)

TRANSACTIONS = Table(
    "transactions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("patient_id", Uuid),
    Column("stands", Boolean, nullable=False),
    Column("payer_name", Text),
    Column("by_insurer", Boolean),
)
