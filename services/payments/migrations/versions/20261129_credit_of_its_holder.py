"""What went back on a day without a second person is found by the day: it counts for two patients (`PAY-21`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_of_its_holder"
down_revision = "20261129_what_closed"
branch_labels = None
depends_on = None

REFUNDS_ALONE = """
CREATE INDEX refunds_alone ON transactions (clinic_id, booked_on)
 WHERE kind IN ('refund', 'cancellation') AND request_id IS NULL
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX refunds_alone")
    op.execute(REFUNDS_ALONE)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
