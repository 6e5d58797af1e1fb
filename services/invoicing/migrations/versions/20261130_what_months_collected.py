"""What closed months collected, kept as sums for reports of long periods: derived, and made anew from the documents."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261130_collected_months"
down_revision = "20261130_forgotten_keys"
branch_labels = None
depends_on = None

# How many entries the clinic had until the month's end when it was summed: with as many, its sums are right.
MONTHS = """
CREATE TABLE collected_months (
    clinic_id    uuid NOT NULL,
    month        date NOT NULL CHECK (extract(day FROM month) = 1),
    ends_at      timestamptz NOT NULL,
    settlements  bigint NOT NULL,
    notes        bigint NOT NULL,
    PRIMARY KEY (clinic_id, month)
)
"""
TOTALS = """
CREATE TABLE collected_by_month (
    clinic_id        uuid NOT NULL,
    month            date NOT NULL,
    provider_id      uuid,
    provider_name    text,
    kind             text NOT NULL,
    code_system      text,
    code             text,
    description      text,
    collected_minor  bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (clinic_id, month, provider_id, kind, code_system, code),
    FOREIGN KEY (clinic_id, month) REFERENCES collected_months ON DELETE CASCADE
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (MONTHS, TOTALS):
        op.execute(statement)
    for table in ("collected_months", "collected_by_month"):
        protect(op, table, ("SELECT", "INSERT", "DELETE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
