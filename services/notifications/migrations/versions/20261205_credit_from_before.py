"""Which parts of patients' credit are of payments from before, as payments told of them once (`NOT-10`)."""

from __future__ import annotations

from alembic import op

revision = "20261205_credit_told"
down_revision = "20261204_asked_of_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE credit_parts ADD COLUMN told boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
