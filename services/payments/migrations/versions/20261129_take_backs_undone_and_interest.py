"""A take-back can be cancelled, and interest that insurers pay or take back is told from the rest (`PAY-5`, `INS-9`).

NOT VALID: each list only grows, so what was recorded before is on it.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_take_backs_undone"
down_revision = "20261129_bad_debt"
branch_labels = None
depends_on = None

KINDS = """
    'payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'credit_application',
    'application_cancellation', 'allocation_move', 'move_cancellation', 'credit_transfer_out', 'credit_transfer_in',
    'release', 'take_back', 'take_back_cancellation', 'insurer_withheld', 'insurer_added', 'insurer_interest',
    'interest_taken_back'
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
# What an insurer does, it says by a code of its own; what a person undoes, by words.
WHY = r"""
ALTER TABLE transactions
    DROP CONSTRAINT says_why,
    ADD CONSTRAINT says_why CHECK (
        CASE WHEN kind IN ('payment', 'refund', 'take_back', 'insurer_withheld', 'insurer_added', 'insurer_interest',
                           'interest_taken_back')
             THEN coalesce(reason_code, '') ~ '\S'
             WHEN kind IN ('credit_transfer_out', 'credit_transfer_in', 'release')
             THEN coalesce(reason_code, '') ~ '\S' OR coalesce(reason, '') ~ '\S'
             ELSE coalesce(reason, '') ~ '\S' END) NOT VALID
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (OF_TRANSACTIONS, OF_LINES, WHY):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
