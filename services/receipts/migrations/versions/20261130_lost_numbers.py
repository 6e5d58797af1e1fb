"""Which numbers were announced and are lost, as the database was put back to an earlier moment (`INV-7`)."""

from __future__ import annotations

from alembic import op
from chassis.database.numbering import create_lost_numbers

revision = "20261130_lost_numbers"
down_revision = "20261130_versions_by_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_lost_numbers(op)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
