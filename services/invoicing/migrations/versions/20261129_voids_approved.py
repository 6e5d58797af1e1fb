"""A void invoice is a debt that disappears: above the limit a second person approves it, without a note (`PAY-15`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_voids_approved"
down_revision = "20261129_patients_live"
branch_labels = None
depends_on = None

BY_ITS_NOTE = """
ALTER TABLE credit_requests
    DROP CONSTRAINT credit_requests_check1,
    ADD CONSTRAINT completed_by_its_note CHECK (
        CASE kind WHEN 'void' THEN note_id IS NULL ELSE (state = 'completed') = (note_id IS NOT NULL) END)
"""
OF_INVOICE = "CREATE INDEX credit_requests_of_invoice ON credit_requests (invoice_id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(BY_ITS_NOTE)
    op.execute(OF_INVOICE)


def downgrade() -> None:
    raise RuntimeError("requests are never deleted: restore the database instead")
