"""An index of what payments left of their invoices by payment: a refund that is cancelled asks for it (`PAY-22`)."""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes

revision = "20261206_overpayments_found"
down_revision = "20261205_untold_credit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    build_indexes(op, {"overpayments_of_payment": "overpayments (payment_id)"})


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
