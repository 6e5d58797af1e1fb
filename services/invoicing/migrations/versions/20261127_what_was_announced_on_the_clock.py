"""When installments and invoices were announced by the calendar, for the story: append-only, outliving their plan.

`installment_dues` keeps only the day, and a rescheduling deletes its rows. What was said before this table is no
step of a story: its instant was not kept, and none is made up. Its day stays where it was.
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261127_due_announcements"
down_revision = "20261124_set_aside_found"
branch_labels = None
depends_on = None

# The last three say which installment it was about; an invoice that was announced as overdue has none.
DUE_ANNOUNCEMENTS = """
CREATE TABLE due_announcements (
    id              uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    invoice_id      uuid NOT NULL REFERENCES invoices,
    step            text NOT NULL CHECK (step IN ('due_soon', 'due', 'overdue')),
    said_at         timestamptz NOT NULL,
    due_date        date NOT NULL,
    unpaid_minor    bigint NOT NULL CHECK (unpaid_minor > 0),
    plan_id         uuid,
    installment_id  uuid,
    position        integer,
    CHECK (num_nulls(plan_id, installment_id, position) IN (0, 3)),
    CHECK (installment_id IS NOT NULL OR step = 'overdue')
)
"""
OF_INVOICE = "CREATE INDEX due_announcements_of_invoice ON due_announcements (invoice_id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(DUE_ANNOUNCEMENTS)
    op.execute(OF_INVOICE)
    protect(op, "due_announcements", ("SELECT", "INSERT"))
    append_only(op, "due_announcements")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
