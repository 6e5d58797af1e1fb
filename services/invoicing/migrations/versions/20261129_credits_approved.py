"""Credits above the clinic's limit wait for a second person, who is not the first under another spelling (`PAY-15`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261129_credits_approved"
down_revision = "20261129_patients"
branch_labels = None
depends_on = None

REQUESTS = """
CREATE TABLE credit_requests (
    id               uuid PRIMARY KEY,
    clinic_id        uuid NOT NULL,
    invoice_id       uuid NOT NULL REFERENCES invoices,
    patient_id       uuid NOT NULL,
    kind             text NOT NULL,
    wanted           jsonb NOT NULL,
    total_minor      bigint NOT NULL CHECK (total_minor > 0),
    limit_minor      bigint NOT NULL CHECK (limit_minor >= 0),
    currency         text NOT NULL,
    reason           text NOT NULL,
    state            text NOT NULL CHECK (state IN ('requested', 'completed', 'rejected', 'withdrawn')),
    requested_by     text NOT NULL,
    requested_at     timestamptz NOT NULL,
    decided_by       text,
    decided_at       timestamptz,
    decision_reason  text,
    note_id          uuid UNIQUE REFERENCES notes,
    CHECK ((state = 'requested') = (decided_by IS NULL)),
    CHECK ((state = 'completed') = (note_id IS NOT NULL)),
    CONSTRAINT two_persons CHECK (
        state NOT IN ('completed', 'rejected') OR lower(btrim(decided_by)) <> lower(btrim(requested_by)))
)
"""
OF_CLINIC = "CREATE INDEX credit_requests_of_clinic ON credit_requests (clinic_id, state, id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(REQUESTS)
    op.execute(OF_CLINIC)
    protect(op, "credit_requests", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("requests are never deleted: restore the database instead")
