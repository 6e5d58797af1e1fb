"""Receipts that were announced and that the database, put back to an earlier moment, does not know (`INV-7`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261130_announced_receipts"
down_revision = "20261130_plans_by_time"
branch_labels = None
depends_on = None

ANNOUNCED = """
CREATE TABLE announced_receipts (
    clinic_id       uuid NOT NULL,
    transaction_id  uuid NOT NULL,
    receipt_id      uuid NOT NULL,
    serial          bigint NOT NULL,
    number          text NOT NULL,
    sha256          text NOT NULL,
    announced_at    timestamptz NOT NULL,
    PRIMARY KEY (clinic_id, transaction_id)
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(ANNOUNCED)
    op.execute("CREATE INDEX announced_receipts_by_receipt ON announced_receipts (clinic_id, receipt_id)")
    protect(op, "announced_receipts", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
