"""Every clinic that has rows is known to the proof, also one whose settings never arrived (`ALL-8`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261128_clinic_directory"
down_revision = "20261128_credit_taken_back"
branch_labels = None
depends_on = None

CLINIC_DIRECTORY = "CREATE TABLE clinic_directory (clinic_id uuid PRIMARY KEY)"
FILL = """
INSERT INTO clinic_directory (clinic_id)
SELECT clinic_id FROM clinics UNION SELECT clinic_id FROM invoices UNION SELECT clinic_id FROM transactions
"""
READ = ("clinics", "invoices", "transactions")
# The proof has to learn which clinics there are; it then looks at each as that clinic.
PROVING = "CREATE POLICY proving ON clinic_directory FOR SELECT USING (current_setting('app.proving', true) = 'on')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CLINIC_DIRECTORY)
    # Rows of every clinic are read, which row-level security forbids even to their owner; it is lifted meanwhile.
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(FILL)
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    protect(op, "clinic_directory", ("SELECT", "INSERT"))
    append_only(op, "clinic_directory")
    op.execute(PROVING)
    op.execute("DROP POLICY proving ON clinics")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
