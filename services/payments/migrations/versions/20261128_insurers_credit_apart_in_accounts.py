"""What insurers overpaid stands apart from the patient's balance in accounts (`INS-4`, `PAY-9`)."""

from __future__ import annotations

from alembic import op

revision = "20261128_insurers_credit"
down_revision = "20261128_groups_on_a_day"
branch_labels = None
depends_on = None

TABLES = ("account_lines", "journal_entries", "transactions")
COLUMN = "ALTER TABLE account_lines ADD COLUMN insurers_change_minor bigint NOT NULL DEFAULT 0"
# A transfer's entries are all in the giving side's posting; a receipt's line has the id of its transaction.
APART = """
UPDATE account_lines AS l
   SET change_minor = l.change_minor + m.credit, insurers_change_minor = m.credit
  FROM (SELECT l.clinic_id, l.patient_id, l.on_date, l.line_id, -sum(j.minor)::bigint AS credit
          FROM account_lines AS l
          LEFT JOIN transactions AS t ON l.kind = 'credit_transfer_in' AND t.transaction_id = l.source_id
          JOIN journal_entries AS j
            ON j.posting_id = CASE l.kind WHEN 'credit_transfer_in' THEN t.linked_id ELSE l.source_id END
           AND j.clinic_id = l.clinic_id AND j.patient_id = l.patient_id
         WHERE l.kind <> 'receipt' AND j.account = 'patient_credit' AND j.payer_kind = 'insurer'
         GROUP BY l.clinic_id, l.patient_id, l.on_date, l.line_id) AS m
 WHERE l.clinic_id = m.clinic_id AND l.patient_id = m.patient_id AND l.on_date = m.on_date AND l.line_id = m.line_id
"""
# The index alone answers both sums.
KEY = """
ALTER TABLE account_lines DROP CONSTRAINT account_lines_pkey,
      ADD CONSTRAINT account_lines_pkey PRIMARY KEY (clinic_id, patient_id, on_date, line_id)
          INCLUDE (change_minor, insurers_change_minor)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMN)
    # Owners are bound by row-level security and by the guard too; both are back before anybody else sees the tables.
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE account_lines DISABLE TRIGGER append_only")
    op.execute(APART)
    op.execute("ALTER TABLE account_lines ENABLE TRIGGER append_only")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(KEY)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
