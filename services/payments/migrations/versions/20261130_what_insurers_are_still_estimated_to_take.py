"""What insurers that have not decided are estimated to take of an invoice: a statement leaves it to them (`INS-4`).

It is nothing until a further decision tells it.
"""

from __future__ import annotations

from alembic import op

revision = "20261130_still_estimated"
down_revision = "20261130_overpayments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE insurers_parts ADD COLUMN estimated_minor bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
