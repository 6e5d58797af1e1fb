"""What a payment left as credit when it was recorded, by the invoice that it was given for (`PAY-22`).

What documents and insurers' money set free later is in the journal. Of payments from before nothing is known: what they
left at once stays credit until somebody applies it.
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261130_overpayments"
down_revision = "20261130_forgotten_keys"
branch_labels = None
depends_on = None

OVERPAYMENTS = """
CREATE TABLE overpayments (
    payment_id  uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    clinic_id   uuid NOT NULL,
    minor       bigint NOT NULL CHECK (minor > 0),
    PRIMARY KEY (invoice_id, payment_id)
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(OVERPAYMENTS)
    protect(op, "overpayments", ("SELECT", "INSERT"))
    append_only(op, "overpayments")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
