"""What went back to a patient on a day without a second person is found at once (`ALL-5`)."""

from __future__ import annotations

from alembic import op

revision = "20261128_refunds_found"
down_revision = "20261127_who_and_why"
branch_labels = None
depends_on = None

REFUNDS_ALONE = """
CREATE INDEX refunds_alone ON transactions (clinic_id, patient_id, booked_on)
 WHERE kind = 'refund' AND request_id IS NULL
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(REFUNDS_ALONE)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
