"""What an invoice's own lines ask for, as its latest note said it: insurers are left no more (`INS-4`)."""

from __future__ import annotations

from alembic import op

revision = "20261204_asked_of_lines"
down_revision = "20261203_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE invoices ADD COLUMN asked_of_lines_minor bigint")
    op.execute("ALTER TABLE invoices ADD COLUMN asked_of_lines_version bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
