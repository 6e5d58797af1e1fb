"""What is left to credit of each line, as invoicing tells it, and what refunds are for that it has not answered.

Of invoices from before nothing is known: there invoicing alone decides (`PAY-19`).
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261129_lines_left"
down_revision = "20261129_references_found"
branch_labels = None
depends_on = None

LINES = """
CREATE TABLE refundable_lines (
    invoice_id  uuid PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    currency    text NOT NULL,
    told        jsonb,
    rounding_minor  bigint NOT NULL DEFAULT 0,
    pending     jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 80)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(LINES)
    protect(op, "refundable_lines", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
