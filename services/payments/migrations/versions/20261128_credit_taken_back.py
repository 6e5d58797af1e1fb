"""An application of credit can be cancelled: a kind of transaction, and of a line of the account, of its own (`PAY-5`).

NOT VALID: each list only grows, so what was recorded before is on it.
"""

from __future__ import annotations

from alembic import op

revision = "20261128_credit_taken_back"
down_revision = "20261128_insurers_credit"
branch_labels = None
depends_on = None

KINDS = """
    'payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'credit_application',
    'application_cancellation', 'credit_transfer_out', 'credit_transfer_in', 'release'
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
