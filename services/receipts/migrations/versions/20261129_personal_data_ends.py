"""A patient can be forgotten; outbox and dead letters are under row-level security too (`ALL-4`, `ALL-9`)."""

from __future__ import annotations

from alembic import op
from chassis.database.schema import guard_machinery

revision = "20261129_forgotten"
down_revision = "20261129_turns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    guard_machinery(op)
    op.execute("ALTER TABLE patients ADD COLUMN forgotten_at timestamptz")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
