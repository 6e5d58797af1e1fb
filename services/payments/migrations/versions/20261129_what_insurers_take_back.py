"""What insurers take back of their payments, withhold from transfers and add to them: kinds of their own (`INS-9`).

NOT VALID: each list only grows, and nothing was taken back before, so what was recorded before complies.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_take_backs"
down_revision = "20261129_cancellations"
branch_labels = None
depends_on = None

KINDS = """
    'payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'credit_application',
    'application_cancellation', 'allocation_move', 'move_cancellation', 'credit_transfer_out', 'credit_transfer_in',
    'release', 'take_back', 'insurer_withheld', 'insurer_added'
"""
ACCOUNTS = """
    'money', 'receivable', 'patient_credit', 'revenue', 'taxes', 'cash_rounding', 'credit_notes', 'write_offs',
    'refund_allowances', 'chargeback_losses', 'insurer_adjustments', 'interest_income'
"""
OF_TRANSACTIONS = f"""
ALTER TABLE transactions
    DROP CONSTRAINT transactions_kind_check,
    ADD CONSTRAINT transactions_kind_check CHECK (kind IN ({KINDS})) NOT VALID
"""
OF_LINES = f"""
ALTER TABLE account_lines
    DROP CONSTRAINT account_lines_kind_check,
    ADD CONSTRAINT account_lines_kind_check CHECK (
        kind IN ('invoice', 'credit_note', 'debit_note', 'void', 'refund_adjustment', 'receipt', {KINDS})) NOT VALID
"""
OF_ENTRIES = f"""
ALTER TABLE journal_entries
    DROP CONSTRAINT journal_entries_account_check,
    ADD CONSTRAINT journal_entries_account_check CHECK (account IN ({ACCOUNTS})) NOT VALID
"""
POSITIONS = """
ALTER TABLE payment_positions
    ADD COLUMN taken_back_minor bigint NOT NULL DEFAULT 0 CHECK (taken_back_minor >= 0),
    DROP CONSTRAINT nothing_lost
"""
NOTHING_LOST = """
ALTER TABLE payment_positions ADD CONSTRAINT nothing_lost CHECK (
    allocated_minor + unallocated_minor
    = CASE WHEN status = 'recorded' THEN amount_minor - refunded_minor - taken_back_minor ELSE 0 END) NOT VALID
"""
# What an insurer does, it says by a code of its own.
WHY = r"""
ALTER TABLE transactions
    DROP CONSTRAINT says_why,
    ADD CONSTRAINT says_why CHECK (
        CASE WHEN kind IN ('payment', 'refund', 'take_back', 'insurer_withheld', 'insurer_added')
             THEN coalesce(reason_code, '') ~ '\S'
             WHEN kind IN ('credit_transfer_out', 'credit_transfer_in', 'release')
             THEN coalesce(reason_code, '') ~ '\S' OR coalesce(reason, '') ~ '\S'
             ELSE coalesce(reason, '') ~ '\S' END) NOT VALID
"""
# A transfer is recorded once by its insurer and reference (INS-6).
OF_REFERENCE = """
CREATE INDEX transfers_of_insurers ON transactions (clinic_id, external_reference)
 WHERE payer_kind = 'insurer' AND external_reference IS NOT NULL
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (OF_TRANSACTIONS, OF_LINES, OF_ENTRIES, POSITIONS, NOTHING_LOST, WHY, OF_REFERENCE):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
