"""A cancellation above the limit is requested and approved, too; one person is one, however written (`PAY-15`).

NOT VALID: what was requested before was a refund or a withdrawal, and was decided by other rules.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_cancellations"
down_revision = "20261129_refunds_credited"
branch_labels = None
depends_on = None

REQUESTS = """
ALTER TABLE refund_requests
    ALTER COLUMN reason_code DROP NOT NULL,
    DROP CONSTRAINT refund_requests_kind_check,
    ADD CONSTRAINT refund_requests_kind_check CHECK (kind IN ('refund', 'withdrawal', 'cancellation')) NOT VALID,
    ADD CONSTRAINT cancellations_have_no_code CHECK ((reason_code IS NULL) = (kind = 'cancellation')) NOT VALID,
    DROP CONSTRAINT two_persons,
    ADD CONSTRAINT two_persons CHECK (
        state NOT IN ('completed', 'rejected') OR lower(btrim(decided_by)) <> lower(btrim(requested_by))) NOT VALID
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(REQUESTS)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
