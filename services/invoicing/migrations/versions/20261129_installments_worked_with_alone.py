"""Agreements that already run, and installments that are found, moved and cancelled alone."""

from __future__ import annotations

from alembic import op

revision = "20261129_installments_alone"
down_revision = "20261129_price_lists"
branch_labels = None
depends_on = None

CAUSES = (
    "'agreed', 'rescheduled', 'installment_moved', 'installment_cancelled', 'invoice_credited', 'invoice_debited', "
    "'cancelled', 'invoice_voided'"
)
STATEMENTS = (
    (
        "ALTER TABLE installment_plans ADD COLUMN recorded_on date, "
        "ADD COLUMN included_minor bigint NOT NULL DEFAULT 0 CHECK (included_minor >= 0)"
    ),
    "ALTER TABLE installment_plan_versions DROP CONSTRAINT installment_plan_versions_cause_check",
    f"ALTER TABLE installment_plan_versions ADD CONSTRAINT known_cause CHECK (cause IN ({CAUSES})) NOT VALID",
    "CREATE INDEX installments_by_id ON installments (installment_id)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
