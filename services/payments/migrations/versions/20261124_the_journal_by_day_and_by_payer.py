"""The journal by day and payer, with taxes, write-offs and cash rounding apart (`PAY-12`).

Each entry gets the day that it is booked on and, where a payment's money is meant, the kind of its payer. Entries stay
as they were: what is filled in here follows from the transaction or the document of their posting.
"""

from alembic import op

revision = "20261124_journal_by_day"
down_revision = "20261123_payments_and_journal"
branch_labels = None
depends_on = None

TABLES = ("journal_entries", "transactions", "invoice_documents")
COLUMNS = """
ALTER TABLE journal_entries
    ADD COLUMN booked_on date,
    ADD COLUMN payer_kind text CHECK (payer_kind IN ('patient', 'insurer', 'third_party')),
    DROP CONSTRAINT journal_entries_account_check,
    ADD CONSTRAINT journal_entries_account_check CHECK (account IN (
        'money', 'receivable', 'patient_credit', 'revenue', 'taxes', 'cash_rounding', 'credit_notes', 'write_offs',
        'refund_allowances', 'chargeback_losses'))
"""
NOTE_KIND = "ALTER TABLE invoice_documents ADD COLUMN note_kind text"
BOOKED_ON = """
UPDATE journal_entries AS j
   SET booked_on = coalesce((SELECT t.booked_on FROM transactions AS t WHERE t.transaction_id = j.posting_id),
                            (SELECT d.issue_date FROM invoice_documents AS d WHERE d.document_id = j.posting_id)),
       payer_kind = (SELECT p.payer_kind FROM transactions AS p WHERE p.transaction_id = j.payment_id)
"""
IN_ORDER = (
    "CREATE INDEX journal_of_day ON journal_entries (clinic_id, booked_on, entry_id)",
    "CREATE INDEX invoices_by_id ON invoices (clinic_id, invoice_id)",
    "CREATE INDEX transactions_by_id ON transactions (clinic_id, transaction_id)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMNS)
    op.execute(NOTE_KIND)
    # Owners are bound by row-level security and by the guard too; nobody else can lift either, and both are back
    # before anybody else sees the tables.
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE journal_entries DISABLE TRIGGER append_only")
    op.execute(BOOKED_ON)
    op.execute("ALTER TABLE journal_entries ENABLE TRIGGER append_only")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE journal_entries ALTER COLUMN booked_on SET NOT NULL")
    for statement in IN_ORDER:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("entries of accounts that were not there before cannot be taken back: restore a backup instead")
