"""What is due is found clinic by clinic, so that they take turns in what is sent (`ALL-4`)."""

from __future__ import annotations

from alembic import op

revision = "20261130_turns"
down_revision = "20261130_whose_contact"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX sending_queue_of_clinics ON sending_queue (clinic_id, due_at)")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
