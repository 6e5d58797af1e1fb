"""What an invoice's own lines ask for after a note: insurers are asked for no more (`INS-4`)."""

from __future__ import annotations

from alembic import op

revision = "20261201_asked_of_lines"
down_revision = "20261201_names_in_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE notes ADD COLUMN asked_of_lines_minor bigint")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
