"""Price lists, each with its versions and entries."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric, Table, Text, Uuid, text

from invoicing.persistence.tables.metadata import METADATA, MOMENT

PRICE_LISTS = Table(
    "price_lists",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("payer_id", Uuid),
    Column("membership", Text),
    Column("is_default", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
)

PRICE_LIST_VERSIONS = Table(
    "price_list_versions",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("price_list_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("payer_id", Uuid),
    Column("membership", Text),
    Column("is_default", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

PRICE_LIST_ENTRIES = Table(
    "price_list_entries",
    METADATA,
    Column("clinic_id", Uuid, nullable=False),
    Column("price_list_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("code_system", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("valid_from", Date),
    Column("description", Text),
    Column("unit_price_minor", BigInteger),
    Column("tax_code", Text),
    Column("allowed_minor", BigInteger),
    Column("covered_percent", Numeric(7, 4)),
    Column("removed", Boolean, nullable=False),
    Column("unit_price_fraction", Numeric(7, 6), nullable=False, server_default=text("0")),
    Column("allowed_fraction", Numeric(7, 6), nullable=False, server_default=text("0")),
    Column("base_quantity", Numeric(13, 4), nullable=False, server_default=text("1")),
)
