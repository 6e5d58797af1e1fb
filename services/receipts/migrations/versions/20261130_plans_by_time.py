"""Each version of an installment plan, and what transactions settled of installments that they named (`RCP-9`).

A receipt names the installments of the plan's version at its transaction. The version that is newest when this is run
is in `installment_plans` alone, as is one that a release before adds; it is copied here when another replaces it. Of an
earlier one nothing is known: the first that is holds since ever. What was named until now stays counted in
`installment_plans.named`, for the version that it counts for.
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261130_plans_by_time"
down_revision = "20261130_documents_by_place"
branch_labels = None
depends_on = None

VERSIONS = """
CREATE TABLE installment_plan_versions (
    clinic_id   uuid NOT NULL,
    plan_id     uuid NOT NULL,
    version     integer NOT NULL,
    invoice_id  uuid NOT NULL,
    since       timestamptz NOT NULL,
    details     jsonb NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, version)
)
"""
VERSIONS_OF_INVOICE = "CREATE INDEX installment_plan_versions_of_invoice ON installment_plan_versions (invoice_id)"
SETTLEMENTS = """
CREATE TABLE installment_settlements (
    clinic_id       uuid NOT NULL,
    transaction_id  uuid NOT NULL,
    installment_id  uuid NOT NULL,
    invoice_id      uuid NOT NULL,
    minor           bigint NOT NULL,
    recorded_at     timestamptz NOT NULL,
    place           integer,
    PRIMARY KEY (clinic_id, transaction_id, installment_id)
)
"""
SETTLEMENTS_OF_INVOICE = "CREATE INDEX installment_settlements_of_invoice ON installment_settlements (invoice_id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (VERSIONS, VERSIONS_OF_INVOICE, SETTLEMENTS, SETTLEMENTS_OF_INVOICE):
        op.execute(statement)
    for table in ("installment_plan_versions", "installment_settlements"):
        protect(op, table, ("SELECT", "INSERT", "DELETE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
