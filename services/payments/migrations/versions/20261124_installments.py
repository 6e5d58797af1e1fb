"""The installments of live plans, as invoicing announces them, and which of them a payment named (`PLN-2`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261124_installments"
down_revision = "20261124_accounts_and_approvals"
branch_labels = None
depends_on = None

NAMED = "ALTER TABLE journal_entries ADD COLUMN installment_id uuid"
PLANS = """
CREATE TABLE installment_plans (
    plan_id     uuid PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    version     integer NOT NULL,
    live        boolean NOT NULL
)
"""
# Only what is live is kept: what a payment may name, and by which day its invoice asks for how much (`PAY-3`).
INSTALLMENTS = """
CREATE TABLE installments (
    plan_id         uuid NOT NULL,
    installment_id  uuid NOT NULL,
    clinic_id       uuid NOT NULL,
    invoice_id      uuid NOT NULL,
    position        integer NOT NULL,
    due_date        date NOT NULL,
    amount_minor    bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (plan_id, installment_id)
)
"""
INSTALLMENTS_OF_INVOICE = "CREATE INDEX installments_of_invoice ON installments (invoice_id, position)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (NAMED, PLANS, INSTALLMENTS, INSTALLMENTS_OF_INVOICE):
        op.execute(statement)
    protect(op, "installment_plans", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "installments")


def downgrade() -> None:
    raise RuntimeError("which installments payments named would be lost: restore the database instead")
