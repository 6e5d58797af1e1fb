"""Payments are found by their external reference, and those that were undone by their status."""

from __future__ import annotations

from alembic import op

revision = "20261124_payments_found"
down_revision = "20261124_plans_by_clinic"
branch_labels = None
depends_on = None

STATEMENTS = (
    (
        "CREATE INDEX transactions_of_reference ON transactions (clinic_id, external_reference) "
        "WHERE external_reference IS NOT NULL"
    ),
    "CREATE INDEX positions_undone ON payment_positions (clinic_id, status) WHERE status <> 'recorded'",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
