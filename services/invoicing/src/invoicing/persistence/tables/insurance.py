"""What insurers decided, and who they are."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from invoicing.persistence.tables.metadata import METADATA, MOMENT

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("decision_id", Uuid, nullable=False),
    Column("claim_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("payer_name", Text, nullable=False),
    Column("payer_sequence", Text, nullable=False),
    Column("remittance_id", Uuid),
    Column("remittance_reference", Text),
    Column("charge_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("contractual_minor", BigInteger, nullable=False),
    Column("patient_minor", BigInteger, nullable=False),
    Column("other_minor", BigInteger, nullable=False),
    Column("written_off_minor", BigInteger, nullable=False),
    Column("decided_at", MOMENT, nullable=False),
    Column("applied_at", MOMENT, nullable=False),
    Column("put_off_minor", BigInteger),
)

UNTOLD_ESTIMATES = Table(
    "untold_estimates",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("issued_before", MOMENT, nullable=False),
    Column("told_until", Uuid, nullable=False, server_default=text("'00000000-0000-0000-0000-000000000000'::uuid")),
)

DECISION_LINES = Table(
    "decision_lines",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("decision_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("invoice_id", Uuid, nullable=False),
    Column("invoice_line_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("payer_name", Text, nullable=False),
    Column("payer_sequence", Text, nullable=False),
    Column("charge_minor", BigInteger, nullable=False),
    Column("allowed_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("contractual_minor", BigInteger, nullable=False),
    Column("patient_minor", BigInteger, nullable=False),
    Column("other_minor", BigInteger, nullable=False),
)

DECISION_ADJUSTMENTS = Table(
    "decision_adjustments",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("decision_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("adjustment_group", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
)

SET_ASIDE_DECISIONS = Table(
    "set_aside_decisions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("decision_id", Uuid, nullable=False),
    Column("claim_id", Uuid, nullable=False),
    Column("invoice_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("payer_name", Text, nullable=False),
    Column("remittance_id", Uuid),
    Column("cause", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("set_aside_at", MOMENT, nullable=False),
    Column("closed_at", MOMENT),
    Column("closed_by", Text),
    Column("closed_because", Text),
)

PAYER_IDENTITIES = Table(
    "payer_identities",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Uuid, nullable=False),
    Column("stated_payer_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", MOMENT, nullable=False),
)
