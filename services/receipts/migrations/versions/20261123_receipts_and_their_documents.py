"""Clinics, patients and invoices as documents need them; receipts; what is to be rendered; the stored bytes."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, grant, protect
from chassis.database.schema import create_chassis_tables

revision = "20261123_receipts"
down_revision = None
branch_labels = None
depends_on = None

# Every version is kept: a frozen document names the one that it was made with.
CLINIC_VERSIONS = """
CREATE TABLE clinic_versions (
    clinic_id  uuid NOT NULL,
    version    bigint NOT NULL,
    details    jsonb NOT NULL,
    PRIMARY KEY (clinic_id, version)
)
"""

# Only ids, for proofs that go through all clinics; everything about a clinic is under row-level security.
CLINIC_DIRECTORY = "CREATE TABLE clinic_directory (clinic_id uuid PRIMARY KEY)"

PATIENTS = """
CREATE TABLE patients (
    clinic_id   uuid NOT NULL,
    patient_id  uuid NOT NULL,
    version     bigint NOT NULL,
    details     jsonb NOT NULL,
    PRIMARY KEY (clinic_id, patient_id)
)
"""

INVOICES = """
CREATE TABLE invoices (
    invoice_id   uuid PRIMARY KEY,
    clinic_id    uuid NOT NULL,
    patient_id   uuid NOT NULL,
    number       text NOT NULL,
    content      jsonb NOT NULL,
    voided_at    timestamptz,
    void_reason  text
)
"""

RECEIPTS = """
CREATE TABLE receipts (
    receipt_id      uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    patient_id      uuid NOT NULL,
    transaction_id  uuid NOT NULL UNIQUE,
    kind            text NOT NULL CHECK (kind IN ('payment', 'refund')),
    serial          bigint NOT NULL,
    number          text NOT NULL,
    numbered_on     date NOT NULL,
    amount_minor    bigint NOT NULL CHECK (amount_minor > 0),
    currency        text NOT NULL,
    language        text NOT NULL,
    recorded_at     timestamptz NOT NULL,
    numbered_at     timestamptz NOT NULL,
    content         jsonb NOT NULL,
    version         integer NOT NULL DEFAULT 0,
    sha256          text,
    size_bytes      integer,
    stored_at       timestamptz,
    voided_at       timestamptz,
    void_cause      text CHECK (void_cause IN ('cancellation', 'chargeback')),
    void_reason     text,
    UNIQUE (clinic_id, serial),
    CHECK ((sha256 IS NULL) = (stored_at IS NULL)),
    CHECK ((voided_at IS NULL) = (void_cause IS NULL))
)
"""
RECEIPTS_BY_PATIENT = "CREATE INDEX receipts_by_patient ON receipts (clinic_id, patient_id, serial)"
RECEIPTS_BY_NUMBER = "CREATE INDEX receipts_by_number ON receipts (clinic_id, number)"
RECEIPTS_BY_DAY = "CREATE INDEX receipts_by_day ON receipts (clinic_id, numbered_on, serial)"

# What was frozen may not change, whoever asks: only what is learnt later may be added.
FROZEN = """
CREATE FUNCTION refuse_thawing() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     IF (OLD.receipt_id, OLD.clinic_id, OLD.patient_id, OLD.transaction_id, OLD.kind, OLD.serial, OLD.number,
         OLD.numbered_on, OLD.amount_minor, OLD.currency, OLD.language, OLD.recorded_at, OLD.content)
        IS DISTINCT FROM
        (NEW.receipt_id, NEW.clinic_id, NEW.patient_id, NEW.transaction_id, NEW.kind, NEW.serial, NEW.number,
         NEW.numbered_on, NEW.amount_minor, NEW.currency, NEW.language, NEW.recorded_at, NEW.content)
        OR (OLD.sha256 IS NOT NULL AND OLD.sha256 IS DISTINCT FROM NEW.sha256)
     THEN
       RAISE EXCEPTION 'a receipt is frozen' USING ERRCODE = 'restrict_violation';
     END IF;
     RETURN NEW;
END $$
"""
FROZEN_RECEIPTS = """
CREATE TRIGGER frozen BEFORE UPDATE ON receipts FOR EACH ROW EXECUTE FUNCTION refuse_thawing()
"""

STORED_DOCUMENTS = """
CREATE TABLE stored_documents (
    document_id  uuid NOT NULL,
    rendition    text NOT NULL,
    clinic_id    uuid NOT NULL,
    kind         text NOT NULL,
    sha256       text NOT NULL,
    size_bytes   integer NOT NULL,
    stored_at    timestamptz NOT NULL,
    pdf          bytea NOT NULL,
    PRIMARY KEY (document_id, rendition)
)
"""
# A PDF is compressed already.
STORED_UNCOMPRESSED = "ALTER TABLE stored_documents ALTER COLUMN pdf SET STORAGE EXTERNAL"

# The machinery's: ids only, all clinics' in one queue; no request reads or writes it but for its own clinic's rows.
RENDER_TASKS = """
CREATE TABLE render_tasks (
    document_id   uuid NOT NULL,
    rendition     text NOT NULL,
    clinic_id     uuid NOT NULL,
    kind          text NOT NULL,
    priority      smallint NOT NULL,
    state         text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'set_aside')),
    attempts      integer NOT NULL DEFAULT 0,
    lease         uuid,
    leased_until  timestamptz NOT NULL DEFAULT '-infinity',
    failure       text,
    requested_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    traceparent   text,
    tracestate    text,
    PRIMARY KEY (document_id, rendition)
)
"""
RENDER_TASKS_DUE = "CREATE INDEX render_tasks_due ON render_tasks (priority, requested_at) WHERE state = 'queued'"

DOCUMENT_SETTINGS = """
CREATE TABLE document_settings (
    clinic_id        uuid PRIMARY KEY,
    paper            text CHECK (paper IN ('A4', 'Letter')),
    show_note        boolean,
    show_procedures  boolean NOT NULL,
    version          integer NOT NULL,
    changed_at       timestamptz NOT NULL,
    changed_by       text NOT NULL
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_chassis_tables(op)
    for statement in (
        CLINIC_VERSIONS,
        CLINIC_DIRECTORY,
        PATIENTS,
        INVOICES,
        RECEIPTS,
        RECEIPTS_BY_PATIENT,
        RECEIPTS_BY_NUMBER,
        RECEIPTS_BY_DAY,
        FROZEN,
        FROZEN_RECEIPTS,
        STORED_DOCUMENTS,
        STORED_UNCOMPRESSED,
        RENDER_TASKS,
        RENDER_TASKS_DUE,
        DOCUMENT_SETTINGS,
    ):
        op.execute(statement)
    protect(op, "clinic_versions", ("SELECT", "INSERT"))
    protect(op, "patients", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "invoices", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "receipts", ("SELECT", "INSERT", "UPDATE"))
    protect(op, "stored_documents", ("SELECT", "INSERT"))
    append_only(op, "stored_documents")
    protect(op, "document_settings", ("SELECT", "INSERT", "UPDATE"))
    grant(op, "clinic_directory", ("SELECT", "INSERT"))
    grant(op, "render_tasks")


def downgrade() -> None:
    raise RuntimeError("the first migration has nothing before it")
