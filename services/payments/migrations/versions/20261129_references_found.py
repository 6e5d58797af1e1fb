"""Indexes of references as they are compared, made beside payments that are recorded meanwhile (`PAY-17`)."""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes

revision = "20261129_references_found"
down_revision = "20261129_references_typed"
branch_labels = None
depends_on = None

ON = "transactions (clinic_id, reference_alike) WHERE"
INDEXES = {
    "transactions_of_reference_alike": f"{ON} reference_alike IS NOT NULL",
    "transfers_of_reference_alike": f"{ON} payer_kind = 'insurer' AND reference_alike IS NOT NULL",
}
FORMER = ("transactions_of_reference", "transfers_of_insurers")


def upgrade() -> None:
    build_indexes(op, INDEXES, FORMER)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
