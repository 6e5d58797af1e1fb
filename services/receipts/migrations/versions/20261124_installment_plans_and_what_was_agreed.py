"""Installment plans as they are, and what was agreed in each of their versions."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261124_installment_plans"
down_revision = "20261124_composed_documents"
branch_labels = None
depends_on = None

INSTALLMENT_PLANS = """
CREATE TABLE installment_plans (
    plan_id     uuid PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    patient_id  uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    version     integer NOT NULL,
    live        boolean NOT NULL,
    details     jsonb NOT NULL,
    named       jsonb NOT NULL DEFAULT '{}'
)
"""
PLANS_OF_INVOICE = "CREATE INDEX installment_plans_of_invoice ON installment_plans (invoice_id)"

PLAN_AGREEMENTS = """
CREATE TABLE plan_agreements (
    agreement_id  uuid PRIMARY KEY,
    clinic_id     uuid NOT NULL,
    patient_id    uuid NOT NULL,
    plan_id       uuid NOT NULL,
    version       integer NOT NULL,
    content       jsonb NOT NULL,
    UNIQUE (plan_id, version)
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (INSTALLMENT_PLANS, PLANS_OF_INVOICE, PLAN_AGREEMENTS):
        op.execute(statement)
    protect(op, "installment_plans", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "plan_agreements", ("SELECT", "INSERT"))
    append_only(op, "plan_agreements")


def downgrade() -> None:
    op.execute("DROP TABLE plan_agreements")
    op.execute("DROP TABLE installment_plans")
