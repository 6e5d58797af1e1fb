"""The tables as SQLAlchemy sees them; the migrations made them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_moment = DateTime(timezone=True)

clinics = Table(
    "clinics",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger),
    Column("name", Text),
    Column("time_zone", Text),
    Column("language", Text),
    Column("email", Text),
    Column("phone", Text),
)
settings = Table(
    "settings",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("body", JSONB),
    Column("changed_at", _moment),
    Column("changed_by", Text),
    Column("reason", Text),
)
patients = Table(
    "patients",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("version", BigInteger),
    Column("given_name", Text),
    Column("family_name", Text),
    Column("language", Text),
    Column("time_zone", Text),
    Column("contact_points", JSONB),
    Column("forgotten_at", _moment),
)
transactions = Table(
    "transactions",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("patient_id", Uuid),
    Column("stands", Boolean),
    Column("payer_name", Text),
)
receipts = Table(
    "receipts",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("transaction_id", Uuid, primary_key=True),
    Column("receipt_id", Uuid),
    Column("number", Text),
)
invoices = Table(
    "invoices",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("total_minor", BigInteger),
    Column("change_minor", BigInteger),
    Column("is_void", Boolean),
    Column("insurers_estimated_minor", BigInteger),
    Column("insurers_decided_minor", BigInteger),
    Column("insurers_decided_version", BigInteger),
    Column("insurers_paid_minor", BigInteger),
)
installment_plans = Table(
    "installment_plans",
    metadata,
    Column("clinic_id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid),
    Column("version", BigInteger),
    Column("live", Boolean),
    Column("installments", JSONB),
    Column("named", JSONB),
)
messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid),
    Column("patient_id", Uuid),
    Column("about_event_id", Text),
    Column("about_event_type", Text),
    Column("notice", Text),
    Column("step", Text),
    Column("channel", Text),
    Column("recipient", Text),
    Column("subject", JSONB),
    Column("transaction_id", Uuid),
    Column("invoice_id", Uuid),
    Column("plan_id", Uuid),
    Column("state", Text),
    Column("cause", Text),
    Column("planned_at", _moment),
    Column("next_attempt_at", _moment),
    Column("attempts", Integer),
    Column("first_failed_at", _moment),
    Column("claimed_at", _moment),
    Column("sent_at", _moment),
    Column("address", Text),
    Column("contact_of", Uuid),
    Column("template", Text),
    Column("template_version", Integer),
    Column("language", Text),
    Column("provider_answer", Text),
    Column("traceparent", Text),
    Column("tracestate", Text),
    Column("version", BigInteger),
)
attempts = Table(
    "attempts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid),
    Column("message_id", Uuid),
    Column("number", Integer),
    Column("at", _moment),
    Column("outcome", Text),
    Column("detail", Text),
    Column("by_subject", Text),
)
sending_queue = Table(
    "sending_queue",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid),
    Column("due_at", _moment),
)
