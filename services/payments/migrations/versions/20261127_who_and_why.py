"""Every transaction says who made it and why: the database refuses one that does not (`ALL-5`).

NOT VALID, so that it holds for what is written from now on: what was recorded before stays as it was (`PAY-12`).
"""

from __future__ import annotations

from alembic import op

revision = "20261127_who_and_why"
down_revision = "20261124_payments_found"
branch_labels = None
depends_on = None

WHO = r"ALTER TABLE transactions ADD CONSTRAINT says_who CHECK (recorded_by ~ '\S') NOT VALID"
# A payment has its purpose and a refund its code; what a person undoes or spends, words; what may follow from something
# else, either. A comparison with null would be no refusal, hence coalesce().
WHY = r"""
ALTER TABLE transactions ADD CONSTRAINT says_why CHECK (
    CASE WHEN kind IN ('payment', 'refund') THEN coalesce(reason_code, '') ~ '\S'
         WHEN kind IN ('credit_transfer_out', 'credit_transfer_in', 'release')
         THEN coalesce(reason_code, '') ~ '\S' OR coalesce(reason, '') ~ '\S'
         ELSE coalesce(reason, '') ~ '\S' END) NOT VALID
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (WHO, WHY):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
