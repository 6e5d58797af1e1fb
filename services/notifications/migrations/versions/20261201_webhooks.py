"""Webhooks: where clinics have events sent, who changed that and why, and what is on its way there (`NOT-7`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261201_webhooks"
down_revision = "20261201_priority"
branch_labels = None
depends_on = None

ENDPOINTS = """
CREATE TABLE webhook_endpoints (
    id                    uuid PRIMARY KEY,
    clinic_id             uuid NOT NULL,
    url                   text NOT NULL,
    event_types           text[] NOT NULL,
    description           text,
    secret                text NOT NULL,
    created_at            timestamptz NOT NULL,
    previous_secret       text,
    previous_secret_until timestamptz,
    disabled_because      text CHECK (disabled_because IN ('asked', 'failed_for_long', 'gone')),
    failing_since         timestamptz,
    version               bigint NOT NULL
)
"""
ENDPOINTS_OF_CLINIC = "CREATE INDEX webhook_endpoints_of_clinic ON webhook_endpoints (clinic_id, id)"
CHANGES = """
CREATE TABLE webhook_changes (
    id          uuid PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    action      text NOT NULL,
    reason      text,
    at          timestamptz NOT NULL,
    by_subject  text NOT NULL
)
"""
CHANGES_OF_ENDPOINT = "CREATE INDEX webhook_changes_of_endpoint ON webhook_changes (clinic_id, endpoint_id, id)"
# An endpoint that is removed leaves its deliveries: they end when they are due, and are deleted with the others.
DELIVERIES = """
CREATE TABLE webhook_deliveries (
    id              uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    endpoint_id     uuid NOT NULL,
    event_id        text NOT NULL,
    event_type      text NOT NULL,
    payload         text NOT NULL,
    planned_at      timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
    attempts        integer NOT NULL,
    answer          text,
    next_attempt_at timestamptz,
    ended_at        timestamptz,
    CONSTRAINT webhook_deliveries_once UNIQUE (clinic_id, endpoint_id, event_id)
)
"""
DELIVERIES_NEWEST = "CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (clinic_id, endpoint_id, id DESC)"
DELIVERIES_ENDED = (
    "CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (clinic_id, ended_at) WHERE ended_at IS NOT NULL"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        ENDPOINTS,
        ENDPOINTS_OF_CLINIC,
        CHANGES,
        CHANGES_OF_ENDPOINT,
        DELIVERIES,
        DELIVERIES_NEWEST,
        DELIVERIES_ENDED,
    ):
        op.execute(statement)
    for table in ("webhook_endpoints", "webhook_deliveries"):
        protect(op, table)
    protect(op, "webhook_changes", ("SELECT", "INSERT"))
    append_only(op, "webhook_changes")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
