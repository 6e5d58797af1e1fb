"""What of what insurers are still estimated to take is to be written off: no money will come of it (`INS-1`)."""

from __future__ import annotations

from alembic import op

revision = "20261201_expected_write_off"
down_revision = "20261201_estimated_by"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE insurers_parts ADD COLUMN estimated_write_off_minor bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
