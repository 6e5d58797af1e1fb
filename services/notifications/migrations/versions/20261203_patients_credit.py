"""What patients have in credit, by the payment that it is of, to be named where money is asked for (`NOT-10`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261203_credit"
down_revision = "20261202_unsubscribed"
branch_labels = None
depends_on = None

PARTS = """
CREATE TABLE credit_parts (
    clinic_id  uuid NOT NULL,
    patient_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    held_minor bigint NOT NULL,
    PRIMARY KEY (clinic_id, patient_id, payment_id)
)
"""
# Of payments from before it is not known, and their credit is not named.
PAID_BY = "ALTER TABLE transactions ADD COLUMN by_insurer boolean"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (PARTS, PAID_BY):
        op.execute(statement)
    protect(op, "credit_parts", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
