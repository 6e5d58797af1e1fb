"""Bad debt apart from forgiveness: an account of its own, and what of an invoice may yet be paid (`INV-17`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_bad_debt"
down_revision = "20261129_refunds_named"
branch_labels = None
depends_on = None

ACCOUNTS = """
ALTER TABLE journal_entries
    DROP CONSTRAINT journal_entries_account_check,
    ADD CONSTRAINT journal_entries_account_check CHECK (account IN (
        'money', 'receivable', 'patient_credit', 'revenue', 'taxes', 'cash_rounding', 'credit_notes', 'write_offs',
        'bad_debts', 'refund_allowances', 'chargeback_losses', 'insurer_adjustments', 'interest_income')) NOT VALID
"""
# What settles bad debt is settled before the debit note that asks for it has arrived.
INVOICES = """
ALTER TABLE invoices
    ADD COLUMN bad_debt_minor bigint NOT NULL DEFAULT 0 CHECK (bad_debt_minor >= 0),
    DROP CONSTRAINT no_more_settled_than_asked,
    ADD CONSTRAINT no_more_settled_than_asked CHECK (settled_minor <= greatest(
        0, total_minor + debited_minor - credited_minor - refund_adjusted_minor - voided_minor
           + CASE WHEN void THEN 0 ELSE refund_pending_minor + bad_debt_minor END))
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(ACCOUNTS)
    op.execute(INVOICES)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
