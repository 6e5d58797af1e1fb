"""That a webhook endpoint was disabled is mailed to its clinic, once (`NOT-7.7`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261203_alerts"
down_revision = "20261203_credit"
branch_labels = None
depends_on = None

STATES = "'waiting', 'claimed', 'sent', 'refused', 'given_up', 'unknown', 'no_address', 'needless'"
ALERTS = f"""
CREATE TABLE endpoint_alerts (
    id              uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    endpoint_id     uuid NOT NULL,
    because         text NOT NULL CHECK (because IN ('failed_for_long', 'gone')),
    failing_since   timestamptz,
    disabled_at     timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ({STATES})),
    attempts        integer NOT NULL,
    first_failed_at timestamptz,
    next_attempt_at timestamptz
)
"""
INDEXES = (
    "CREATE INDEX endpoint_alerts_due ON endpoint_alerts (next_attempt_at) WHERE next_attempt_at IS NOT NULL",
    "CREATE INDEX endpoint_alerts_of_endpoint ON endpoint_alerts (clinic_id, endpoint_id, id DESC)",
    "CREATE INDEX endpoint_alerts_newest ON endpoint_alerts (clinic_id, disabled_at)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (ALERTS, *INDEXES):
        op.execute(statement)
    protect(op, "endpoint_alerts")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
