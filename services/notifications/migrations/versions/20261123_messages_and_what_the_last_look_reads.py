"""Messages, their attempts, the settings of clinics, and what the last look reads."""

from alembic import op
from chassis.database.row_security import append_only, grant, protect
from chassis.database.schema import create_chassis_tables

revision = "20261123_messages"
down_revision = None
branch_labels = None
depends_on = None

CLINICS = """
CREATE TABLE clinics (
    clinic_id uuid PRIMARY KEY,
    version   bigint NOT NULL,
    name      text NOT NULL,
    time_zone text NOT NULL,
    language  text NOT NULL,
    email     text,
    phone     text
)
"""
# Which clinics there are, for what goes through all of them one by one: an id and nothing of anybody.
CLINIC_REGISTER = "CREATE TABLE clinic_register (clinic_id uuid PRIMARY KEY)"
# Every version of the settings stays, with who made it (ALL-5); the highest is in force.
SETTINGS = """
CREATE TABLE settings (
    clinic_id  uuid NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    body       jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (clinic_id, version)
)
"""
PATIENTS = """
CREATE TABLE patients (
    clinic_id      uuid NOT NULL,
    patient_id     uuid NOT NULL,
    version        bigint NOT NULL,
    given_name     text NOT NULL,
    family_name    text NOT NULL,
    language       text,
    time_zone      text,
    contact_points jsonb NOT NULL,
    PRIMARY KEY (clinic_id, patient_id)
)
"""
TRANSACTIONS = """
CREATE TABLE transactions (
    clinic_id      uuid NOT NULL,
    transaction_id uuid NOT NULL,
    stands         boolean NOT NULL,
    payer_name     text,
    PRIMARY KEY (clinic_id, transaction_id)
)
"""
RECEIPTS = """
CREATE TABLE receipts (
    clinic_id      uuid NOT NULL,
    transaction_id uuid NOT NULL,
    receipt_id     uuid NOT NULL,
    number         text NOT NULL,
    PRIMARY KEY (clinic_id, transaction_id)
)
"""
# Sums commute: a settlement may arrive before its invoice, whose total is then still unknown.
INVOICES = """
CREATE TABLE invoices (
    clinic_id    uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    total_minor  bigint,
    change_minor bigint NOT NULL DEFAULT 0,
    is_void      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (clinic_id, invoice_id)
)
"""
MESSAGES = """
CREATE TABLE messages (
    id               uuid PRIMARY KEY,
    clinic_id        uuid NOT NULL,
    patient_id       uuid NOT NULL,
    about_event_id   text NOT NULL,
    about_event_type text NOT NULL,
    notice           text NOT NULL,
    step             text NOT NULL,
    channel          text NOT NULL CHECK (channel IN ('email', 'sms', 'webhook')),
    recipient        text NOT NULL,
    subject          jsonb NOT NULL,
    transaction_id   uuid,
    invoice_id       uuid,
    state            text NOT NULL CHECK (state IN ('planned', 'claimed', 'retrying', 'sent', 'suppressed', 'refused',
                                                    'given_up', 'unknown')),
    cause            text CHECK (cause IN ('no_consent', 'no_address', 'switched_off', 'no_longer_true')),
    planned_at       timestamptz NOT NULL,
    next_attempt_at  timestamptz,
    attempts         integer NOT NULL DEFAULT 0,
    first_failed_at  timestamptz,
    claimed_at       timestamptz,
    sent_at          timestamptz,
    address          text,
    template         text,
    template_version integer NOT NULL DEFAULT 0,
    language         text,
    provider_answer  text,
    traceparent      text,
    tracestate       text,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT messages_once UNIQUE (clinic_id, about_event_id, step, recipient, channel),
    CONSTRAINT messages_suppressed_for_a_cause CHECK ((state = 'suppressed') = (cause IS NOT NULL))
)
"""
MESSAGES_NEWEST = "CREATE INDEX messages_newest ON messages (clinic_id, id DESC)"
MESSAGES_OF_PATIENT = "CREATE INDEX messages_of_patient ON messages (clinic_id, patient_id, id DESC)"
MESSAGES_IN_STATE = "CREATE INDEX messages_in_state ON messages (clinic_id, state, id DESC)"
ATTEMPTS = """
CREATE TABLE attempts (
    id         uuid PRIMARY KEY,
    clinic_id  uuid NOT NULL,
    message_id uuid NOT NULL REFERENCES messages (id),
    number     integer NOT NULL,
    at         timestamptz NOT NULL,
    outcome    text NOT NULL CHECK (outcome IN ('sent', 'retrying', 'refused', 'given_up', 'unknown', 'suppressed',
                                                'resend_requested')),
    detail     text,
    by_subject text NOT NULL
)
"""
ATTEMPTS_OF_MESSAGE = "CREATE INDEX attempts_of_message ON attempts (clinic_id, message_id, id)"
# What is due, of all clinics: two ids and a time, nothing of a person, so that one sending loop can serve every
# clinic with a role that row-level security binds. The messages themselves are read with their clinics set.
SENDING_QUEUE = """
CREATE TABLE sending_queue (
    message_id uuid PRIMARY KEY,
    clinic_id  uuid NOT NULL,
    due_at     timestamptz NOT NULL
)
"""
SENDING_QUEUE_DUE = "CREATE INDEX sending_queue_due ON sending_queue (due_at)"

KEEPING = ("SELECT", "INSERT", "UPDATE")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_chassis_tables(op)
    for statement in (
        CLINICS,
        CLINIC_REGISTER,
        SETTINGS,
        PATIENTS,
        TRANSACTIONS,
        RECEIPTS,
        INVOICES,
        MESSAGES,
        MESSAGES_NEWEST,
        MESSAGES_OF_PATIENT,
        MESSAGES_IN_STATE,
        ATTEMPTS,
        ATTEMPTS_OF_MESSAGE,
        SENDING_QUEUE,
        SENDING_QUEUE_DUE,
    ):
        op.execute(statement)
    for table in ("clinics", "patients", "transactions", "receipts", "invoices", "messages"):
        protect(op, table, KEEPING)
    for table in ("settings", "attempts"):
        protect(op, table, ("SELECT", "INSERT"))
        append_only(op, table)
    grant(op, "sending_queue")
    grant(op, "clinic_register", ("SELECT", "INSERT"))


def downgrade() -> None:
    raise RuntimeError("the log of what was sent is never dropped; restore a backup instead")
