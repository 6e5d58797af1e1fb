"""Completed procedures, as the practice told of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Table, Text, Uuid, text
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
