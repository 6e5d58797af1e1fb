"""How plans were divided, and which version stands in the place of one that did not know of a payment (`PLN-6`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_divided_anew"
down_revision = "20261129_finer_list_prices"
branch_labels = None
depends_on = None

CAUSES = (
    "'agreed', 'rescheduled', 'installment_moved', 'installment_cancelled', 'invoice_credited', 'invoice_debited', "
    "'cancelled', 'invoice_voided', 'divided_anew'"
)
STATEMENTS = (
    "ALTER TABLE installment_plan_versions ADD COLUMN terms jsonb, ADD COLUMN instead_of integer",
    "ALTER TABLE installment_plan_versions DROP CONSTRAINT known_cause",
    f"ALTER TABLE installment_plan_versions ADD CONSTRAINT known_cause CHECK (cause IN ({CAUSES})) NOT VALID",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
