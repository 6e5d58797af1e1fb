"""What is credited for a refund, beside what it wanted, and where payments stood on the invoice then (`PAY-20`).

What was counted before has none of them: all that was wanted was credited.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_refunds_credited"
down_revision = "20261129_typed_with"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE settlements ADD COLUMN decided_minor bigint",
    "ALTER TABLE settlements ADD COLUMN place bigint, ADD COLUMN settled_with_refunds_minor bigint",
    "CREATE INDEX refunds_settled ON settlements (clinic_id, transaction_id) WHERE kind = 'refund'",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
