"""What an insurer put off of a payment that it takes back: a recovery takes it, and nothing twice (`INS-9`)."""

from __future__ import annotations

from alembic import op

revision = "20261201_what_is_put_off"
down_revision = "20261201_asked_of_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE decisions ADD COLUMN put_off_minor bigint")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
