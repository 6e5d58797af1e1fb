"""Treatment plans and their items."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text, Uuid

from invoicing.persistence.tables.metadata import METADATA, MOMENT

TREATMENT_PLANS = Table(
    "treatment_plans",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("treatment_plan_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("accepted_at", MOMENT, nullable=False),
)

TREATMENT_PLAN_ITEMS = Table(
    "treatment_plan_items",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("item_id", Uuid, primary_key=True),
    Column("treatment_plan_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("code_system", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("tooth", Text),
    Column("surface", Text),
    Column("fee_minor", BigInteger, nullable=False),
    Column("fee_currency", Text, nullable=False),
    Column("invoice_id", Uuid),
    Column("procedure_id", Uuid),
)
