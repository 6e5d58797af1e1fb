"""Credit and debit notes with what their PDFs say."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261124_notes"
down_revision = "20261123_receipts"
branch_labels = None
depends_on = None

NOTES = """
CREATE TABLE notes (
    note_id      uuid PRIMARY KEY,
    clinic_id    uuid NOT NULL,
    patient_id   uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('credit_note', 'debit_note')),
    number       text NOT NULL,
    content      jsonb NOT NULL
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(NOTES)
    protect(op, "notes", ("SELECT", "INSERT"))
    append_only(op, "notes")


def downgrade() -> None:
    op.execute("DROP TABLE notes")
