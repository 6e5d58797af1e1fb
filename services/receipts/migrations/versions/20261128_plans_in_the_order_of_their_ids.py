"""Installment plans of a clinic in the order of their ids, to be laid beside those of other services (`ALL-8`)."""

from __future__ import annotations

from alembic import op

revision = "20261128_plans_in_order"
down_revision = "20261124_installment_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX installment_plans_by_id ON installment_plans (clinic_id, plan_id)")


def downgrade() -> None:
    op.execute("DROP INDEX installment_plans_by_id")
