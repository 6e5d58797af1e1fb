"""Addresses that nothing is sent to since mail came back, and messages that did (`NOT-8.2`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261202_suppressed"
down_revision = "20261201_webhooks"
branch_labels = None
depends_on = None

ADDRESSES = """
CREATE TABLE suppressed_addresses (
    id            uuid PRIMARY KEY,
    clinic_id     uuid NOT NULL,
    patient_id    uuid NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('email', 'sms')),
    address       text,
    status        text NOT NULL,
    message_id    uuid NOT NULL,
    suppressed_at timestamptz NOT NULL,
    lifted_at     timestamptz,
    lifted_by     text,
    lift_reason   text
)
"""
INDEXES = (
    """
    CREATE UNIQUE INDEX suppressed_addresses_once
        ON suppressed_addresses (clinic_id, channel, lower(btrim(address))) WHERE lifted_at IS NULL
    """,
    "CREATE INDEX suppressed_addresses_newest ON suppressed_addresses (clinic_id, id DESC)",
    "CREATE INDEX suppressed_addresses_of_patient ON suppressed_addresses (clinic_id, patient_id, id DESC)",
)
STATES = "'planned', 'claimed', 'retrying', 'sent', 'suppressed', 'refused', 'given_up', 'unknown', 'bounced'"
CAUSES = "'no_consent', 'no_address', 'switched_off', 'no_longer_true', 'address_suppressed'"
OUTCOMES = "'sent', 'retrying', 'refused', 'given_up', 'unknown', 'suppressed', 'resend_requested', 'bounced'"
# Wider than before, so rows that are there need no look.
CHECKS = (
    "ALTER TABLE messages DROP CONSTRAINT messages_state_check, DROP CONSTRAINT messages_cause_check",
    f"ALTER TABLE messages ADD CONSTRAINT messages_state_check CHECK (state IN ({STATES})) NOT VALID",
    f"ALTER TABLE messages ADD CONSTRAINT messages_cause_check CHECK (cause IN ({CAUSES})) NOT VALID",
    "ALTER TABLE attempts DROP CONSTRAINT attempts_outcome_check",
    f"ALTER TABLE attempts ADD CONSTRAINT attempts_outcome_check CHECK (outcome IN ({OUTCOMES})) NOT VALID",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (ADDRESSES, *INDEXES, *CHECKS):
        op.execute(statement)
    protect(op, "suppressed_addresses", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
