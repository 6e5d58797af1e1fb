"""What a bank took back although it had been refunded is proposed to the desk as a debit note (`PAY-6`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261129_debits_proposed"
down_revision = "20261129_bad_debt"
branch_labels = None
depends_on = None

PROPOSALS = """
CREATE TABLE debit_proposals (
    id              uuid NOT NULL,
    clinic_id       uuid NOT NULL,
    payment_id      uuid NOT NULL,
    patient_id      uuid NOT NULL,
    invoice_id      uuid,
    amount_minor    bigint NOT NULL CHECK (amount_minor > 0),
    currency        text NOT NULL,
    state           text NOT NULL CHECK (state IN ('open', 'debited', 'dismissed')),
    proposed_at     timestamptz NOT NULL,
    closed_at       timestamptz,
    closed_by       text,
    closed_because  text,
    note_id         uuid REFERENCES notes,
    PRIMARY KEY (clinic_id, id),
    CHECK ((state = 'open') = (closed_by IS NULL)),
    CHECK ((state = 'debited') = (note_id IS NOT NULL))
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(PROPOSALS)
    protect(op, "debit_proposals", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("proposals are never deleted: restore the database instead")
