"""What a patient's open invoices ask for is found by an index, in the order in which they fall due."""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes

revision = "20261201_open_of_patients"
down_revision = "20261130_lost_numbers"
branch_labels = None
depends_on = None

INDEXES = {
    "invoices_open_of_patient": "invoices (clinic_id, patient_id, overdue_after, id) "
    "WHERE status = 'issued' AND total_minor + debited_minor > credited_minor + settled_minor",
}


def upgrade() -> None:
    build_indexes(op, INDEXES)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
