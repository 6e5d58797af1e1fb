"""Installment plans as the last look sees them, and which plan a message is about."""

from alembic import op
from chassis.database.row_security import protect

revision = "20261124_plans"
down_revision = "20261123_messages"
branch_labels = None
depends_on = None

INSTALLMENT_PLANS = """
CREATE TABLE installment_plans (
    clinic_id    uuid NOT NULL,
    plan_id      uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    version      bigint NOT NULL,
    live         boolean NOT NULL,
    installments jsonb NOT NULL,
    named        jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (clinic_id, plan_id)
)
"""
PLANS_OF_INVOICE = "CREATE INDEX installment_plans_of_invoice ON installment_plans (clinic_id, invoice_id)"
PLAN_OF_MESSAGE = "ALTER TABLE messages ADD COLUMN plan_id uuid"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (INSTALLMENT_PLANS, PLANS_OF_INVOICE, PLAN_OF_MESSAGE):
        op.execute(statement)
    protect(op, "installment_plans", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN plan_id")
    op.execute("DROP TABLE installment_plans")
