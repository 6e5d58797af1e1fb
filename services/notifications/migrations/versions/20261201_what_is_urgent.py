"""What is due has a priority: receipts never wait behind reminders (`NOT-3.5`).

What is queued already has the middle one, behind all that is urgent from now on.
"""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes

revision = "20261201_priority"
down_revision = "20261201_copies"
branch_labels = None
depends_on = None

INDEXES = {"sending_queue_by_priority": "sending_queue (clinic_id, priority, due_at)"}
FORMER = ["sending_queue_of_clinics"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("messages", "sending_queue"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS priority smallint NOT NULL DEFAULT 1")
    build_indexes(op, INDEXES, FORMER)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
