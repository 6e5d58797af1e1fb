"""One receipt for a transaction, however often receipts issues it (after a restore it reads its events again, `PAY-9`).

What was announced last is what the receipts service has, so it is kept. The line of an account names the transaction
from now on: a receipt that takes another's place needs no line of its own.
"""

from __future__ import annotations

from alembic import op

revision = "20261128_one_receipt"
down_revision = "20261128_why_changed"
branch_labels = None
depends_on = None

TABLES = ("receipts", "account_lines")
LAST_ONES = """
CREATE TEMPORARY TABLE last_receipts ON COMMIT DROP AS
SELECT DISTINCT ON (r.transaction_id, r.clinic_id)
       r.receipt_id, bool_or(r.void) OVER (PARTITION BY r.transaction_id, r.clinic_id) AS void
  FROM receipts AS r
  LEFT JOIN account_lines AS l
    ON l.clinic_id = r.clinic_id AND l.patient_id = r.patient_id AND l.kind = 'receipt' AND l.source_id = r.receipt_id
 ORDER BY r.transaction_id, r.clinic_id, l.line_id DESC NULLS LAST
"""
FIRST_LINES = """
CREATE TEMPORARY TABLE first_lines ON COMMIT DROP AS
SELECT l.clinic_id, l.patient_id, l.on_date, l.line_id, r.transaction_id,
       row_number() OVER (PARTITION BY r.transaction_id, r.clinic_id ORDER BY l.line_id) AS place
  FROM account_lines AS l
  JOIN receipts AS r ON r.receipt_id = l.source_id AND r.clinic_id = l.clinic_id
 WHERE l.kind = 'receipt'
"""
SAME = """
l.clinic_id = f.clinic_id AND l.patient_id = f.patient_id AND l.on_date = f.on_date AND l.line_id = f.line_id
"""
NO_OTHER_LINES = f"DELETE FROM account_lines AS l USING first_lines AS f WHERE {SAME} AND f.place > 1"  # noqa: S608
ABOUT_TRANSACTIONS = f"""
UPDATE account_lines AS l SET source_id = f.transaction_id FROM first_lines AS f WHERE {SAME} AND f.place = 1
"""  # noqa: S608 - only texts of this module
NO_OTHER_RECEIPTS = "DELETE FROM receipts WHERE receipt_id NOT IN (SELECT receipt_id FROM last_receipts)"
VOID = "UPDATE receipts AS r SET void = true FROM last_receipts AS n WHERE n.receipt_id = r.receipt_id AND n.void"
ONE = """
ALTER TABLE receipts DROP CONSTRAINT receipts_pkey, ADD CONSTRAINT receipts_pkey PRIMARY KEY (transaction_id, clinic_id)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Owners are bound by row-level security and by the guard too; both are back before anybody else sees the tables.
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE account_lines DISABLE TRIGGER append_only")
    for statement in (LAST_ONES, FIRST_LINES, NO_OTHER_LINES, ABOUT_TRANSACTIONS, NO_OTHER_RECEIPTS, VOID):
        op.execute(statement)
    op.execute("ALTER TABLE account_lines ENABLE TRIGGER append_only")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(ONE)
    op.execute("DROP INDEX receipts_of_transaction")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
