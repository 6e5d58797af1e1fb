"""A patient can be forgotten; outbox and dead letters are under row-level security too (`ALL-4`, `ALL-9`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import CREATE_REFUSE_ALL_BUT_EMPTYING, let_be_emptied
from chassis.database.schema import guard_machinery

revision = "20261129_forgotten"
down_revision = "20261129_references_grouped"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    guard_machinery(op)
    op.execute(CREATE_REFUSE_ALL_BUT_EMPTYING)
    let_be_emptied(op, "relabelings", "note_before", "note_after")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
