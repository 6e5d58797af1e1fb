"""What is due is found clinic by clinic, so that they take turns in what is sent (`ALL-4`).

Here, too, are the indexes by which it is found whose payer and contact it is (`ALL-9`): built beside the work.
"""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes

revision = "20261130_turns"
down_revision = "20261130_whose_contact"
branch_labels = None
depends_on = None

INDEXES = {
    "transactions_payers": "transactions (clinic_id, patient_id) WHERE payer_name IS NOT NULL",
    "messages_by_contact": "messages (clinic_id, contact_of) WHERE contact_of IS NOT NULL",
    "sending_queue_of_clinics": "sending_queue (clinic_id, due_at)",
}


def upgrade() -> None:
    build_indexes(op, INDEXES)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
