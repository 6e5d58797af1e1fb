"""When the next message may go to each provider, for all workers together (`NOT-3.6`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import grant

revision = "20261202_paces"
down_revision = "20261202_suppressed"
branch_labels = None
depends_on = None

PACES = "CREATE TABLE provider_paces (kind text PRIMARY KEY, next_at timestamptz NOT NULL)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(PACES)
    grant(op, "provider_paces", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
