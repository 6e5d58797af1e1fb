"""What invoicing answered to refunds: what is unanswered and what was not credited, by invoice (`PAY-20`).

Until now all that a refund wanted was credited: a refund is answered when its credit note has arrived.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_refunds_credited"
down_revision = "20261129_moved"
branch_labels = None
depends_on = None

# While a refund is unanswered, a credit note may have crossed it: then together they take off more than is asked.
INVOICES = """
ALTER TABLE invoices
    ADD COLUMN refund_pending_minor bigint NOT NULL DEFAULT 0 CHECK (refund_pending_minor >= 0),
    ADD COLUMN refund_uncredited_minor bigint NOT NULL DEFAULT 0 CHECK (refund_uncredited_minor >= 0),
    DROP CONSTRAINT no_more_settled_than_asked,
    ADD CONSTRAINT no_more_settled_than_asked CHECK (settled_minor <= greatest(
        0, total_minor + debited_minor - credited_minor - refund_adjusted_minor - voided_minor
           + CASE WHEN void THEN 0 ELSE refund_pending_minor END))
"""
DOCUMENTS = """
ALTER TABLE invoice_documents
    DROP CONSTRAINT invoice_documents_kind_check,
    ADD CONSTRAINT invoice_documents_kind_check CHECK (
        kind IN ('invoice', 'credit_note', 'debit_note', 'void', 'refund_adjustment')) NOT VALID
"""
OF_REFUNDS = "CREATE INDEX documents_of_refunds ON invoice_documents (refund_id) WHERE refund_id IS NOT NULL"
LINES = """
ALTER TABLE account_lines
    DROP CONSTRAINT account_lines_kind_check,
    ADD CONSTRAINT account_lines_kind_check CHECK (kind IN (
        'invoice', 'credit_note', 'debit_note', 'void', 'refund_adjustment', 'receipt', 'payment', 'refund',
        'cancellation', 'refund_cancellation', 'chargeback', 'credit_application', 'application_cancellation',
        'allocation_move', 'move_cancellation', 'credit_transfer_out', 'credit_transfer_in', 'release')) NOT VALID
"""
PENDING = """
UPDATE invoices AS i SET refund_pending_minor = p.minor
  FROM (SELECT j.invoice_id, sum(j.minor) AS minor
          FROM journal_entries AS j
          JOIN transactions AS r ON r.transaction_id = j.posting_id AND r.kind = 'refund'
         WHERE j.account = 'refund_allowances'
           AND NOT EXISTS (SELECT FROM transactions AS c WHERE c.reverses_id = r.transaction_id)
           AND NOT EXISTS (SELECT FROM invoice_documents AS d
                            WHERE d.refund_id = r.transaction_id AND d.invoice_id = j.invoice_id
                              AND d.kind = 'credit_note')
         GROUP BY j.invoice_id) AS p
 WHERE p.invoice_id = i.invoice_id
"""
READ = ("invoices", "journal_entries", "transactions", "invoice_documents")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (INVOICES, DOCUMENTS, OF_REFUNDS, LINES):
        op.execute(statement)
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(PENDING)
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
