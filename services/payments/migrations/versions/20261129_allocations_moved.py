"""What a payment settles can be moved, and that be cancelled: kinds of transactions and of account lines (`PAY-13`).

NOT VALID: each list only grows, so what was recorded before is on it.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_moved"
down_revision = "20261129_insurers_parts"
branch_labels = None
depends_on = None

KINDS = """
    'payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'credit_application',
    'application_cancellation', 'allocation_move', 'move_cancellation', 'credit_transfer_out', 'credit_transfer_in',
    'release'
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
        kind IN ('invoice', 'credit_note', 'debit_note', 'void', 'receipt', {KINDS})) NOT VALID
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (OF_TRANSACTIONS, OF_LINES):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
