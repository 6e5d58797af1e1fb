"""A request for a refund keeps what the money is to come from, where that was said (`PAY-19`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_refunds_named"
down_revision = "20261129_take_backs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE refund_requests ADD COLUMN named jsonb")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
