"""What is unpaid of each installment beside its due date, and from which day an invoice is overdue by its plan.

Both follow from versions and settlements (`PLN-3`), and are kept for lists and sums as an index is: `prove` derives
them again. Of plans that were there before, the job `note_unpaid_installments` writes them.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_overdue_by_plan"
down_revision = "20261129_who_an_insurer_is"
branch_labels = None
depends_on = None

OPEN = "total_minor + debited_minor > credited_minor + settled_minor"
# The database keeps it, as it keeps an index: no way of writing invoices can forget it.
FOLLOW = """
CREATE FUNCTION overdue_by_the_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.overdue_after := coalesce(NEW.installment_due_on, NEW.due_date);
    RETURN NEW;
END $$
"""
FOLLOWED = """
CREATE TRIGGER overdue_by_the_plan BEFORE INSERT OR UPDATE OF installment_due_on, due_date ON invoices
   FOR EACH ROW EXECUTE FUNCTION overdue_by_the_plan()
"""
STATEMENTS = (
    "ALTER TABLE installment_dues ADD COLUMN unpaid_minor bigint CHECK (unpaid_minor >= 0)",
    "CREATE INDEX installment_dues_unknown ON installment_dues (clinic_id, plan_id) WHERE unpaid_minor IS NULL",
    "CREATE INDEX installment_dues_unpaid ON installment_dues (clinic_id, due_date) WHERE unpaid_minor > 0",
    # A column, not an expression of an index: row-level security keeps what is not leakproof from an index.
    "ALTER TABLE invoices ADD COLUMN installment_due_on date, ADD COLUMN overdue_after date",
    "ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY",
    "UPDATE invoices SET overdue_after = due_date WHERE due_date IS NOT NULL",
    "ALTER TABLE invoices FORCE ROW LEVEL SECURITY",
    FOLLOW,
    FOLLOWED,
    "DROP INDEX invoices_open",
    f"CREATE INDEX invoices_open ON invoices (clinic_id, overdue_after, id) WHERE status = 'issued' AND {OPEN}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
