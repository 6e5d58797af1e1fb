"""Installment plans with all their versions, what is to be said of each installment, and that an invoice is overdue."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261124_installment_plans"
down_revision = "20261124_find_invoices"
branch_labels = None
depends_on = None

# Which live plan divides an invoice, and when its being overdue was announced: both once.
INVOICES = """
ALTER TABLE invoices ADD COLUMN installment_plan_id uuid, ADD COLUMN overdue_announced_on date
"""
INVOICES_TURNING_OVERDUE = """
CREATE INDEX invoices_turning_overdue ON invoices (clinic_id, due_date)
 WHERE status = 'issued' AND total_minor + debited_minor > credited_minor + settled_minor
   AND overdue_announced_on IS NULL AND installment_plan_id IS NULL
"""
# The version that the invoice got when an entry was counted: before or after a plan was agreed, in which order.
SETTLEMENTS = "ALTER TABLE settlements ADD COLUMN invoice_version integer"

PLANS = """
CREATE TABLE installment_plans (
    id          uuid PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    patient_id  uuid NOT NULL,
    invoice_id  uuid NOT NULL REFERENCES invoices,
    currency    text NOT NULL,
    agreed_on   date NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    ended       boolean NOT NULL DEFAULT false
) WITH (fillfactor = 90)
"""
PLAN_INDEXES = (
    # At most one live plan of an invoice, under any race (`PLN-5`).
    "CREATE UNIQUE INDEX installment_plans_live ON installment_plans (invoice_id) WHERE NOT ended",
    "CREATE INDEX installment_plans_newest ON installment_plans (clinic_id, id)",
    "CREATE INDEX installment_plans_of_patient ON installment_plans (clinic_id, patient_id, id)",
    "CREATE INDEX installment_plans_of_invoice ON installment_plans (invoice_id, id)",
)
VERSIONS = """
CREATE TABLE installment_plan_versions (
    plan_id          uuid NOT NULL REFERENCES installment_plans,
    version          integer NOT NULL,
    clinic_id        uuid NOT NULL,
    cause            text NOT NULL CHECK (cause IN ('agreed', 'rescheduled', 'invoice_credited', 'invoice_debited',
                                                    'cancelled', 'invoice_voided')),
    made_at          timestamptz NOT NULL,
    made_by          text NOT NULL,
    reason           text,
    invoice_version  integer NOT NULL,
    note_id          uuid REFERENCES notes,
    PRIMARY KEY (plan_id, version)
)
"""
# What remains of an installment is not stored: it follows from settlements and versions (`PLN-3`).
INSTALLMENTS = """
CREATE TABLE installments (
    plan_id         uuid NOT NULL REFERENCES installment_plans,
    version         integer NOT NULL,
    position        integer NOT NULL CHECK (position >= 1),
    clinic_id       uuid NOT NULL,
    installment_id  uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('down_payment', 'installment')),
    due_date        date NOT NULL,
    amount_minor    bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (plan_id, version, position),
    UNIQUE (plan_id, version, installment_id)
)
"""
# One row for each installment of a live plan: what is to be said of it next (1 due soon, 2 due, 3 overdue, 4 nothing),
# and the day on which each was said. The index holds only what is still to be looked at.
DUES = """
CREATE TABLE installment_dues (
    installment_id  uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    plan_id         uuid NOT NULL REFERENCES installment_plans,
    invoice_id      uuid NOT NULL,
    due_date        date NOT NULL,
    step            smallint NOT NULL DEFAULT 1 CHECK (step BETWEEN 1 AND 4),
    due_soon_on     date,
    due_on          date,
    overdue_on      date
) WITH (fillfactor = 80)
"""
DUE_INDEXES = (
    "CREATE INDEX installment_dues_next ON installment_dues (clinic_id, step, due_date) WHERE step < 4",
    "CREATE INDEX installment_dues_of_invoice ON installment_dues (invoice_id)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        INVOICES,
        INVOICES_TURNING_OVERDUE,
        SETTLEMENTS,
        PLANS,
        *PLAN_INDEXES,
        VERSIONS,
        INSTALLMENTS,
        DUES,
        *DUE_INDEXES,
    ):
        op.execute(statement)
    for table in ("installment_plans", "installment_plan_versions", "installments", "installment_dues"):
        protect(op, table)
    for table in ("installment_plan_versions", "installments"):
        append_only(op, table)


def downgrade() -> None:
    raise RuntimeError("plans would be lost: restore the database instead")
