"""A credit note's line may be about a debit note, which then is credited in part (`MON-11`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_debit_notes_in_part"
down_revision = "20261129_what_closed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE note_lines ADD COLUMN debit_note_id uuid")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
