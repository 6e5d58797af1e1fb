"""Price lists of their own: lists, their versions, and entries that are only added; which list a draft was given."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261129_price_lists"
down_revision = "20261129_credits_approved"
branch_labels = None
depends_on = None

LISTS = """
CREATE TABLE price_lists (
    clinic_id   uuid NOT NULL,
    id          uuid NOT NULL,
    name        text NOT NULL,
    version     integer NOT NULL,
    payer_id    uuid,
    membership  text,
    is_default  boolean NOT NULL,
    archived    boolean NOT NULL,
    PRIMARY KEY (clinic_id, id)
)
"""
VERSIONS = r"""
CREATE TABLE price_list_versions (
    clinic_id      uuid NOT NULL,
    price_list_id  uuid NOT NULL,
    version        integer NOT NULL,
    name           text NOT NULL,
    payer_id       uuid,
    membership     text,
    is_default     boolean NOT NULL,
    archived       boolean NOT NULL,
    entries        integer NOT NULL,
    changed_at     timestamptz NOT NULL,
    changed_by     text NOT NULL,
    reason         text NOT NULL CHECK (reason ~ '\S'),
    PRIMARY KEY (clinic_id, price_list_id, version)
)
"""
# What a list says of a code and first day is its entry of the highest version; what it said before stays.
ENTRIES = """
CREATE TABLE price_list_entries (
    clinic_id         uuid NOT NULL,
    price_list_id     uuid NOT NULL,
    version           integer NOT NULL,
    code_system       text NOT NULL,
    code              text NOT NULL,
    valid_from        date,
    description       text,
    unit_price_minor  bigint CHECK (unit_price_minor >= 0),
    tax_code          text,
    allowed_minor     bigint CHECK (allowed_minor >= 0),
    covered_percent   numeric(7, 4) CHECK (covered_percent BETWEEN 0 AND 100),
    removed           boolean NOT NULL,
    FOREIGN KEY (clinic_id, price_list_id, version) REFERENCES price_list_versions
)
"""
STATEMENTS = (
    LISTS,
    # No two lists of a clinic mean the same patients, whoever makes them at once.
    "CREATE UNIQUE INDEX price_lists_payer ON price_lists (clinic_id, payer_id) WHERE NOT archived",
    "CREATE UNIQUE INDEX price_lists_membership ON price_lists (clinic_id, lower(membership)) WHERE NOT archived",
    "CREATE UNIQUE INDEX price_lists_default ON price_lists (clinic_id) WHERE is_default AND NOT archived",
    VERSIONS,
    ENTRIES,
    (
        "CREATE UNIQUE INDEX price_list_entries_of_code ON price_list_entries "
        "(clinic_id, price_list_id, code, code_system, valid_from, version DESC) NULLS NOT DISTINCT"
    ),
    "ALTER TABLE invoices ADD COLUMN price_list_id uuid, ADD COLUMN membership text",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)
    for table in ("price_lists", "price_list_versions", "price_list_entries"):
        protect(op, table)
    for table in ("price_list_versions", "price_list_entries"):
        append_only(op, table)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
