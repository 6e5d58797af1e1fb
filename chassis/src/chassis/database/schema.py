"""The tables that every service has for the chassis: outbox, inbox, dead letters, idempotency keys, number series."""

from __future__ import annotations

from chassis.database.row_security import (
    CREATE_CURRENT_CLINICS,
    CREATE_REFUSE_CHANGE,
    Operations,
    grant,
    protect,
    working_role,
)

OUTBOX = """
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     uuid NOT NULL UNIQUE,
    topic        text NOT NULL,
    key          text NOT NULL,
    type         text NOT NULL,
    subject      uuid NOT NULL,
    clinic_id    uuid NOT NULL,
    sequence     bigint NOT NULL,
    time         timestamptz NOT NULL,
    data         bytea NOT NULL,
    traceparent  text,
    tracestate   text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at timestamptz
)
"""
OUTBOX_UNPUBLISHED = "CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL"
OUTBOX_PUBLISHED = "CREATE INDEX outbox_published ON outbox USING brin (published_at)"

INBOX = """
CREATE TABLE inbox (
    consumer    text NOT NULL,
    event_id    text NOT NULL,
    handled_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
)
"""

DEAD_LETTERS = """
CREATE TABLE dead_letters (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer         text NOT NULL,
    topic            text NOT NULL,
    partition        integer NOT NULL,
    "offset"         bigint NOT NULL,
    key              text NOT NULL,
    event_id         text NOT NULL,
    type             text NOT NULL,
    clinic_id        uuid,
    subject          text NOT NULL,
    sequence         bigint NOT NULL,
    time             timestamptz NOT NULL,
    data             bytea NOT NULL,
    traceparent      text,
    tracestate       text,
    state            text NOT NULL CHECK (state IN ('waiting', 'dead', 'handled', 'dismissed')),
    reason           text NOT NULL,
    attempts         integer NOT NULL DEFAULT 0,
    set_aside_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_attempt_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    resolved_at      timestamptz,
    resolved_by      text,
    resolved_because text
)
"""
DEAD_LETTERS_OPEN = """
CREATE INDEX dead_letters_open ON dead_letters (consumer, topic, key, id) WHERE state IN ('waiting', 'dead')
"""
DEAD_LETTERS_ONCE = """
CREATE UNIQUE INDEX dead_letters_once ON dead_letters (consumer, event_id) WHERE state IN ('waiting', 'dead')
"""
DEAD_LETTERS_DUE = "CREATE INDEX dead_letters_due ON dead_letters (next_attempt_at) WHERE state = 'waiting'"

IDEMPOTENCY_KEYS = """
CREATE TABLE idempotency_keys (
    clinic_id    uuid NOT NULL,
    key          text NOT NULL,
    method_path  text NOT NULL,
    fingerprint  bytea NOT NULL,
    status       integer NOT NULL,
    headers      jsonb NOT NULL,
    body         bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (clinic_id, key)
)
"""
IDEMPOTENCY_KEYS_AGE = "CREATE INDEX idempotency_keys_age ON idempotency_keys USING brin (created_at)"

# The sweeper sees no clinic's rows, but may see and delete what has expired, whoever's it is.
_EXPIRED = "current_setting('app.sweeping', true) = 'on' AND created_at < now() - interval '7 days'"
IDEMPOTENCY_KEYS_SEEN = f"CREATE POLICY expired_seen ON idempotency_keys FOR SELECT USING ({_EXPIRED})"
IDEMPOTENCY_KEYS_SWEPT = f"CREATE POLICY expired_swept ON idempotency_keys FOR DELETE USING ({_EXPIRED})"

NUMBER_SERIES = """
CREATE TABLE number_series (
    clinic_id    uuid NOT NULL,
    series       text NOT NULL,
    last_number  bigint NOT NULL,
    last_date    date NOT NULL,
    PRIMARY KEY (clinic_id, series)
)
"""


def create_chassis_tables(op: Operations) -> None:
    """Create what the chassis needs; the first step of each service's first migration.

    Idempotency keys and number series are under row-level security as all else (`ALL-4`); outbox and dead letters are
    since `guard_machinery`, which follows in a migration of its own. The inbox holds ids and nothing of anybody.
    """
    op.execute(f'GRANT USAGE ON SCHEMA public TO "{working_role(op)}"')
    for statement in (
        CREATE_CURRENT_CLINICS,
        CREATE_REFUSE_CHANGE,
        OUTBOX,
        OUTBOX_UNPUBLISHED,
        OUTBOX_PUBLISHED,
        INBOX,
        DEAD_LETTERS,
        DEAD_LETTERS_OPEN,
        DEAD_LETTERS_ONCE,
        DEAD_LETTERS_DUE,
        IDEMPOTENCY_KEYS,
        IDEMPOTENCY_KEYS_AGE,
        NUMBER_SERIES,
    ):
        op.execute(statement)
    grant(op, "outbox")
    grant(op, "inbox", ("SELECT", "INSERT"))
    grant(op, "dead_letters", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "idempotency_keys")
    op.execute(IDEMPOTENCY_KEYS_SEEN)
    op.execute(IDEMPOTENCY_KEYS_SWEPT)
    protect(op, "number_series", ("SELECT", "INSERT", "UPDATE"))


# A record whose clinic cannot be told is nobody's: it is seen by who looks for such, under no clinic's id.
_NO_CLINIC = "'00000000-0000-0000-0000-000000000000'::uuid"
_SEEN = {
    "outbox": "clinic_id = ANY ((SELECT current_clinics())::uuid[])",
    "dead_letters": f"coalesce(clinic_id, {_NO_CLINIC}) = ANY ((SELECT current_clinics())::uuid[])",
}
_MACHINERY = "(SELECT current_setting('app.machinery', true)) = 'on'"
DISMISSED_WITH_DATA = """
CREATE INDEX dead_letters_dismissed ON dead_letters (resolved_at) WHERE state = 'dismissed' AND octet_length(data) > 0
"""


def guard_machinery(op: Operations) -> None:
    """Put outbox and dead letters under row-level security: a clinic's rows are the clinic's there too (`ALL-4`).

    Relay, retries, figures and operators look at all clinics' rows by a setting of their own
    (`chassis.database.machinery`), which opens these two tables and no other.
    """
    for table, condition in _SEEN.items():
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY clinic ON "{table}" USING ({condition}) WITH CHECK ({condition})')
        op.execute(f'CREATE POLICY machinery ON "{table}" USING ({_MACHINERY}) WITH CHECK ({_MACHINERY})')
    op.execute(DISMISSED_WITH_DATA)
