"""The tables, each declared once: names, types, what may be missing and defaults. The migrations make them.

Keys to other tables, checks, indexes, triggers and row-level security stand in the migrations alone.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Identity, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData()
MOMENT = DateTime(timezone=True)

ACCOUNT_LINES = Table(
    "account_lines",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("on_date", Date, primary_key=True),
    Column("line_id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("change_minor", BigInteger, nullable=False),
    Column("recorded_at", MOMENT, nullable=False),
    Column("insurers_change_minor", BigInteger, nullable=False, server_default=text("0")),
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
    Column("currency", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("retention_years", Integer),
)

CREDIT_PARTS = Table(
    "credit_parts",
    METADATA,
    Column("payment_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("minor", BigInteger, nullable=False),
)

DAY_TOTALS = Table(
    "day_totals",
    METADATA,
    Column("clinic_id", Uuid, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("method_label", Text),
    Column("group_id", Uuid),
    Column("count", BigInteger, nullable=False),
    Column("minor", BigInteger, nullable=False),
)

INSTALLMENT_PLANS = Table(
    "installment_plans",
    METADATA,
    Column("plan_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
)

INSTALLMENTS = Table(
    "installments",
    METADATA,
    Column("plan_id", Uuid, primary_key=True),
    Column("installment_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
)

INSURERS_PARTS = Table(
    "insurers_parts",
    METADATA,
    Column("invoice_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("part_minor", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("payers", JSONB),
    Column("undecided_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("estimated_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("last_payer", JSONB),
    Column("estimated_write_off_minor", BigInteger, nullable=False, server_default=text("0")),
)

INVOICE_DOCUMENTS = Table(
    "invoice_documents",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("issue_date", Date, nullable=False),
    Column("recorded_at", MOMENT, nullable=False),
    Column("refund_id", Uuid),
    Column("note_kind", Text),
)

INVOICES = Table(
    "invoices",
    METADATA,
    Column("invoice_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("issue_date", Date, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("debited_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("credited_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("refund_adjusted_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("voided_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("settled_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("void", Boolean, nullable=False, server_default=text("false")),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("treatment_plan_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'::uuid[]")),
    Column("forgiven_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("contractual_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("refund_pending_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("refund_uncredited_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("bad_debt_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("insurers_estimated_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("asked_of_lines_minor", BigInteger),
    Column("asked_of_lines_version", BigInteger, nullable=False, server_default=text("0")),
    Column("insurers_estimated", JSONB),
)

JOURNAL_ENTRIES = Table(
    "journal_entries",
    METADATA,
    Column("entry_id", BigInteger, Identity(always=True), primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("posting_id", Uuid, nullable=False),
    Column("account", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("patient_id", Uuid),
    Column("invoice_id", Uuid),
    Column("payment_id", Uuid),
    Column("method", Text),
    Column("booked_on", Date, nullable=False),
    Column("payer_kind", Text),
    Column("installment_id", Uuid),
)

OVERPAYMENTS = Table(
    "overpayments",
    METADATA,
    Column("payment_id", Uuid, primary_key=True),
    Column("invoice_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("minor", BigInteger, nullable=False),
)

PATIENT_CREDIT = Table(
    "patient_credit",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
    Column("balance_minor", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
)

PAYMENT_GROUP_CHANGES = Table(
    "payment_group_changes",
    METADATA,
    Column("group_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("change", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("color", Text),
    Column("position", Integer, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text),
    Column("in_force_from", Date, nullable=False),
)

PAYMENT_GROUPS = Table(
    "payment_groups",
    METADATA,
    Column("group_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("color", Text),
    Column("position", Integer, nullable=False),
    Column("archived", Boolean, nullable=False, server_default=text("false")),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
)

PAYMENT_POSITIONS = Table(
    "payment_positions",
    METADATA,
    Column("payment_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("allocated_minor", BigInteger, nullable=False),
    Column("unallocated_minor", BigInteger, nullable=False),
    Column("refunded_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("status", Text, nullable=False, server_default=text("'recorded'::text")),
    Column("note", Text),
    Column("group_id", Uuid),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    Column("taken_back_minor", BigInteger, nullable=False, server_default=text("0")),
)

PAYMENT_SETTING_VERSIONS = Table(
    "payment_setting_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("refund_limit_minor", BigInteger),
    Column("currency", Text, nullable=False),
    Column("reason", Text),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("receipt_id", Uuid, nullable=False),
    Column("clinic_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, nullable=False),
    Column("transaction_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("void", Boolean, nullable=False, server_default=text("false")),
)

REFUND_REQUESTS = Table(
    "refund_requests",
    METADATA,
    Column("request_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payment_id", Uuid),
    Column("treatment_plan_id", Uuid),
    Column("amount_minor", BigInteger, nullable=False),
    Column("limit_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reason_code", Text),
    Column("reason", Text),
    Column("method", Text),
    Column("method_label", Text),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", MOMENT, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", MOMENT),
    Column("decision_reason", Text),
    Column("version", BigInteger, nullable=False),
    Column("named", JSONB),
)

REFUNDABLE_LINES = Table(
    "refundable_lines",
    METADATA,
    Column("invoice_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("told", JSONB),
    Column("rounding_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("pending", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
)

RELABELINGS = Table(
    "relabelings",
    METADATA,
    Column("relabeling_id", BigInteger, Identity(always=True), primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("group_before", Uuid),
    Column("group_after", Uuid),
    Column("note_before", Text),
    Column("note_after", Text),
    Column("changed_on", Date, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text),
)

SUMMED_DAYS = Table(
    "summed_days",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("until", Date, nullable=False),
)

TRANSACTIONS = Table(
    "transactions",
    METADATA,
    Column("transaction_id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("method_label", Text),
    Column("payer_kind", Text, nullable=False),
    Column("payer_id", Uuid),
    Column("payer_name", Text),
    Column("recorded_at", MOMENT, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("payment_id", Uuid),
    Column("reverses_id", Uuid),
    Column("linked_id", Uuid),
    Column("received_at", MOMENT),
    Column("reason_code", Text),
    Column("reason", Text),
    Column("external_reference", Text),
    Column("treatment_plan_id", Uuid),
    Column("group_id", Uuid),
    Column("request_id", Uuid),
    Column("reference_alike", Text),
)

UNTOLD_CREDIT = Table(
    "untold_credit",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("recorded_before", MOMENT, nullable=False),
    Column("told_until", Uuid, nullable=False, server_default=text("'00000000-0000-0000-0000-000000000000'::uuid")),
)
