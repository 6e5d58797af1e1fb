"""Every change of a clinic's settings says why; its first ones replace nothing (`ALL-5`).

NOT VALID, so that it holds for what is written from now on: what was changed before stays as it was.
"""

from __future__ import annotations

from alembic import op

revision = "20261128_why_changed"
down_revision = "20261127_due_announcements"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE clinic_versions ADD COLUMN reason text",
    r"ALTER TABLE clinic_versions ADD CONSTRAINT says_why CHECK (version = 1 OR coalesce(reason, '') ~ '\S') NOT VALID",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
