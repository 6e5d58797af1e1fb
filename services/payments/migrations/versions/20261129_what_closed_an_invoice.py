"""Of what is credited, what was written off: invoices closed by a write-off or a credit are told from paid ones."""

from __future__ import annotations

from alembic import op

revision = "20261129_what_closed"
down_revision = "20261128_clinic_directory"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE invoices ADD COLUMN forgiven_minor bigint NOT NULL DEFAULT 0,
                     ADD COLUMN contractual_minor bigint NOT NULL DEFAULT 0
"""
# Which note was undone is not kept here: what stands written off is told by the journal, and what contracts wrote off
# is the most of it that can be a contract's.
BACKFILL = """
UPDATE invoices AS i
   SET contractual_minor = least(w.contractual, w.minor), forgiven_minor = w.minor - least(w.contractual, w.minor)
  FROM (SELECT d.invoice_id, sum(sign(j.minor) * d.total_minor) AS minor,
               coalesce(sum(d.total_minor) FILTER (WHERE d.note_kind = 'contractual_write_off'), 0) AS contractual
          FROM journal_entries AS j JOIN invoice_documents AS d ON d.document_id = j.posting_id
         WHERE j.account = 'write_offs' AND d.kind <> 'void' GROUP BY d.invoice_id) AS w
 WHERE i.invoice_id = w.invoice_id
"""
READ = ("invoices", "journal_entries", "invoice_documents")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMNS)
    # Rows of every clinic are read, which row-level security forbids even to their owner; it is lifted meanwhile.
    for table in READ:
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(BACKFILL)
    for table in READ:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
