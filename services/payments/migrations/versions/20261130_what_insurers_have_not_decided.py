"""What nobody has decided of an invoice yet: an insurer's money may still settle it (`INS-4`).

It is nothing until a further decision tells it.
"""

from __future__ import annotations

from alembic import op

revision = "20261130_undecided"
down_revision = "20261130_records_that_are_one"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE insurers_parts ADD COLUMN undecided_minor bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
