"""Decisions that were set aside are found by their invoice, whose story tells of them, and by their remittance."""

from __future__ import annotations

from alembic import op

revision = "20261124_set_aside_found"
down_revision = "20261124_decisions"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE INDEX set_aside_decisions_of_invoice ON set_aside_decisions (invoice_id)",
    (
        "CREATE INDEX set_aside_decisions_of_remittance ON set_aside_decisions (clinic_id, remittance_id, id) "
        "WHERE remittance_id IS NOT NULL"
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
