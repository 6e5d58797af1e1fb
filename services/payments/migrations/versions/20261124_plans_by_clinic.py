"""A plan is known by its clinic and its id: under another clinic the same id is another plan (`ALL-4`)."""

from __future__ import annotations

from alembic import op

revision = "20261124_plans_by_clinic"
down_revision = "20261124_installments"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE installment_plans DROP CONSTRAINT installment_plans_pkey, ADD PRIMARY KEY (clinic_id, plan_id)",
    "ALTER TABLE installments DROP CONSTRAINT installments_pkey, ADD PRIMARY KEY (clinic_id, plan_id, installment_id)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
