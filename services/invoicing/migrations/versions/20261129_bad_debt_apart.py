"""Bad debt apart from forgiveness: what stays collectable, and what was recovered of it (`INV-17`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_bad_debt"
down_revision = "20261129_all_a_bill_says"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE invoices ADD COLUMN bad_debt_minor bigint NOT NULL DEFAULT 0 CHECK (bad_debt_minor >= 0), "
        "ADD COLUMN recovered_minor bigint NOT NULL DEFAULT 0 CHECK (recovered_minor >= 0)"
    )


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
