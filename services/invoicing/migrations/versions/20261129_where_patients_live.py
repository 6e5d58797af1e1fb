"""Where patients live is kept for their claims, as the register tells it (`INS-2`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_patients_live"
down_revision = "20261129_divided_anew"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE patients ADD COLUMN address jsonb")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
