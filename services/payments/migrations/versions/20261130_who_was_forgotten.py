"""Who was forgotten is known to whatever is set aside and written afterwards (`ALL-9`)."""

from __future__ import annotations

from alembic import op
from chassis.database.forgotten import create_forgotten_keys

revision = "20261130_forgotten_keys"
down_revision = "20261130_undecided"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_forgotten_keys(op)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
