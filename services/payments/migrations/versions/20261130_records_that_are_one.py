"""Which records of the patient register are one patient (`ALL-10`)."""

from __future__ import annotations

from alembic import op
from chassis.database.merged_records import create_merged_records

revision = "20261130_records_that_are_one"
down_revision = "20261129_forgotten"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_merged_records(op)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
