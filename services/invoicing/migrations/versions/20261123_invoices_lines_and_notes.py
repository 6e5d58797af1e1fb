"""Clinic settings, billable procedures, treatment plans, invoices, lines, notes and what settled them."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, grant, protect
from chassis.database.schema import create_chassis_tables

revision = "20261123_invoices"
down_revision = None
branch_labels = None
depends_on = None

CLINICS = """
CREATE TABLE clinics (
    clinic_id   uuid PRIMARY KEY,
    version     integer NOT NULL,
    settings    jsonb NOT NULL,
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL
)
"""

# Only ids, for jobs that go through all clinics; everything about a clinic is in `clinics`, under row-level security.
CLINIC_DIRECTORY = "CREATE TABLE clinic_directory (clinic_id uuid PRIMARY KEY)"

CLINIC_VERSIONS = """
CREATE TABLE clinic_versions (
    clinic_id   uuid NOT NULL,
    version     integer NOT NULL,
    settings    jsonb NOT NULL,
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    PRIMARY KEY (clinic_id, version)
)
"""

INVOICES = """
CREATE TABLE invoices (
    id                        uuid PRIMARY KEY,
    clinic_id                 uuid NOT NULL,
    patient_id                uuid NOT NULL,
    appointment_id            uuid,
    origin                    text NOT NULL CHECK (origin IN ('desk', 'appointment', 'procedure')),
    status                    text NOT NULL CHECK (status IN ('draft', 'issued', 'void')),
    version                   integer NOT NULL,
    next_position             integer NOT NULL,
    currency                  text NOT NULL,
    prices_include_tax        boolean NOT NULL,
    cash_rounding_to          integer NOT NULL,
    rounding_policy           text NOT NULL,
    rounding_version          integer NOT NULL,
    document_discount_percent numeric(7, 4),
    document_discount_minor   bigint,
    document_discount_reason  text,
    document_discount_author  text,
    note                      text,
    asked_due_date            date,
    payer_id                  uuid,
    payer_name                text,
    created_at                timestamptz NOT NULL,
    created_by                text NOT NULL,
    changed_at                timestamptz NOT NULL,
    number                    text,
    series_number             bigint,
    issue_date                date,
    due_date                  date,
    issued_at                 timestamptz,
    issued_by                 text,
    voided_on                 date,
    voided_by                 text,
    void_reason               text,
    net_minor                 bigint,
    discount_minor            bigint,
    tax_minor                 bigint,
    cash_rounding_minor       bigint,
    total_minor               bigint CHECK (total_minor >= 0),
    taxes                     jsonb,
    debited_minor             bigint NOT NULL DEFAULT 0,
    credited_minor            bigint NOT NULL DEFAULT 0,
    settled_minor             bigint NOT NULL DEFAULT 0,
    CHECK ((status = 'draft') = (number IS NULL)),
    CHECK (status = 'draft' OR (series_number IS NOT NULL AND issue_date IS NOT NULL AND due_date IS NOT NULL
           AND total_minor = net_minor + tax_minor + cash_rounding_minor)),
    CHECK (document_discount_percent IS NULL OR document_discount_minor IS NULL)
) WITH (fillfactor = 85)
"""

INVOICE_INDEXES = (
    "CREATE UNIQUE INDEX invoices_number ON invoices (clinic_id, series_number)",
    "CREATE INDEX invoices_printed_number ON invoices (clinic_id, number) WHERE number IS NOT NULL",
    # One open draft per appointment that collects its procedures (`INV-2`).
    (
        "CREATE UNIQUE INDEX invoices_open_draft ON invoices (clinic_id, appointment_id) "
        "WHERE status = 'draft' AND origin = 'appointment'"
    ),
    "CREATE INDEX invoices_newest ON invoices (clinic_id, id)",
    "CREATE INDEX invoices_of_patient ON invoices (clinic_id, patient_id, id)",
    "CREATE INDEX invoices_of_appointment ON invoices (clinic_id, appointment_id) WHERE appointment_id IS NOT NULL",
    (
        "CREATE INDEX invoices_open ON invoices (clinic_id, due_date, id) "
        "WHERE status = 'issued' AND total_minor + debited_minor > credited_minor + settled_minor"
    ),
    "CREATE INDEX invoices_drafts ON invoices (clinic_id, changed_at) WHERE status = 'draft'",
)

# Issuing freezes (`INV-6`): afterwards only the sums of notes and settlements, the version and voiding change.
FREEZE_UPDATE = """
CREATE TRIGGER keep_issued_on_change BEFORE UPDATE ON invoices FOR EACH ROW
WHEN (OLD.status <> 'draft' AND (OLD.number, OLD.issue_date, OLD.due_date, OLD.net_minor, OLD.tax_minor,
      OLD.total_minor, OLD.cash_rounding_minor, OLD.discount_minor, OLD.taxes, OLD.currency, OLD.patient_id,
      OLD.series_number, OLD.issued_at, OLD.issued_by, OLD.note, OLD.payer_id, OLD.appointment_id)
      IS DISTINCT FROM (NEW.number, NEW.issue_date, NEW.due_date, NEW.net_minor, NEW.tax_minor, NEW.total_minor,
      NEW.cash_rounding_minor, NEW.discount_minor, NEW.taxes, NEW.currency, NEW.patient_id, NEW.series_number,
      NEW.issued_at, NEW.issued_by, NEW.note, NEW.payer_id, NEW.appointment_id)
      OR OLD.status <> 'draft' AND NEW.status = 'draft' OR OLD.status = 'void' AND NEW.status <> 'void')
EXECUTE FUNCTION refuse_change()
"""
FREEZE_DELETE = """
CREATE TRIGGER keep_issued_from_deletion BEFORE DELETE ON invoices FOR EACH ROW
WHEN (OLD.status <> 'draft') EXECUTE FUNCTION refuse_change()
"""

INVOICE_LINES = """
CREATE TABLE invoice_lines (
    id                       uuid PRIMARY KEY,
    clinic_id                uuid NOT NULL,
    invoice_id               uuid NOT NULL REFERENCES invoices ON DELETE CASCADE,
    position                 integer NOT NULL,
    kind                     text NOT NULL CHECK (kind IN ('procedure', 'extra_procedure', 'product', 'custom')),
    description              text NOT NULL,
    quantity                 numeric(13, 4) NOT NULL CHECK (quantity > 0),
    unit_price_minor         bigint NOT NULL CHECK (unit_price_minor >= 0),
    tax_code                 text NOT NULL,
    tax_category             text NOT NULL,
    tax_rate                 numeric(7, 4) NOT NULL,
    exemption_reason         text,
    code_system              text,
    code                     text,
    sku                      text,
    discount_percent         numeric(7, 4),
    discount_minor           bigint,
    discount_reason          text,
    discount_author          text,
    procedure_id             uuid,
    date_of_service          date,
    provider_id              uuid,
    provider_name            text,
    tooth                    text,
    surface                  text,
    treatment_plan_id        uuid,
    treatment_plan_item_id   uuid,
    amount_minor             bigint,
    own_discount_minor       bigint,
    document_discount_minor  bigint,
    net_minor                bigint
)
"""
INVOICE_LINE_INDEXES = (
    "CREATE INDEX invoice_lines_of_invoice ON invoice_lines (invoice_id, position)",
    (
        "CREATE INDEX invoice_lines_of_plan ON invoice_lines (clinic_id, treatment_plan_id) "
        "WHERE treatment_plan_id IS NOT NULL"
    ),
)

# `invoice_id` is the claim: the row is one, so a procedure is on one invoice at most, under any race (`INV-3`).
BILLABLE_PROCEDURES = """
CREATE TABLE billable_procedures (
    procedure_id            uuid NOT NULL,
    clinic_id               uuid NOT NULL,
    patient_id              uuid NOT NULL,
    sequence                bigint NOT NULL,
    completed_at            timestamptz,
    reverted_at             timestamptz,
    reverted_sequence       bigint,
    revert_reason           text,
    appointment_id          uuid,
    provider_id             uuid,
    provider_name           text,
    code_system             text,
    code                    text,
    description             text,
    tooth                   text,
    surface                 text,
    date_of_service         date,
    fee_minor               bigint,
    fee_currency            text,
    treatment_plan_id       uuid,
    treatment_plan_item_id  uuid,
    invoice_id              uuid,
    invoiced_ahead          boolean NOT NULL DEFAULT false,
    PRIMARY KEY (clinic_id, procedure_id)
) WITH (fillfactor = 85)
"""
BILLABLE_PROCEDURE_INDEXES = (
    (
        "CREATE INDEX billable_procedures_open ON billable_procedures (clinic_id, patient_id, procedure_id) "
        "WHERE invoice_id IS NULL AND reverted_at IS NULL"
    ),
    "CREATE INDEX billable_procedures_of_invoice ON billable_procedures (invoice_id) WHERE invoice_id IS NOT NULL",
)

CLOSED_APPOINTMENTS = """
CREATE TABLE closed_appointments (
    clinic_id       uuid NOT NULL,
    appointment_id  uuid NOT NULL,
    patient_id      uuid NOT NULL,
    payer_id        uuid,
    payer_name      text,
    closed_at       timestamptz NOT NULL,
    PRIMARY KEY (clinic_id, appointment_id)
)
"""

TREATMENT_PLANS = """
CREATE TABLE treatment_plans (
    clinic_id          uuid NOT NULL,
    treatment_plan_id  uuid NOT NULL,
    patient_id         uuid NOT NULL,
    name               text NOT NULL,
    sequence           bigint NOT NULL,
    accepted_at        timestamptz NOT NULL,
    PRIMARY KEY (clinic_id, treatment_plan_id)
)
"""
PLAN_ITEMS = """
CREATE TABLE treatment_plan_items (
    clinic_id          uuid NOT NULL,
    item_id            uuid NOT NULL,
    treatment_plan_id  uuid NOT NULL,
    position           integer NOT NULL,
    code_system        text NOT NULL,
    code               text NOT NULL,
    description        text NOT NULL,
    tooth              text,
    surface            text,
    fee_minor          bigint NOT NULL,
    fee_currency       text NOT NULL,
    invoice_id         uuid,
    procedure_id       uuid,
    PRIMARY KEY (clinic_id, item_id)
)
"""
PLAN_ITEM_INDEXES = (
    "CREATE INDEX treatment_plan_items_of_plan ON treatment_plan_items (clinic_id, treatment_plan_id, position)",
    "CREATE INDEX treatment_plan_items_of_invoice ON treatment_plan_items (invoice_id) WHERE invoice_id IS NOT NULL",
)

REVIEWS = """
CREATE TABLE reviews (
    id            uuid PRIMARY KEY,
    clinic_id     uuid NOT NULL,
    invoice_id    uuid NOT NULL REFERENCES invoices ON DELETE CASCADE,
    procedure_id  uuid,
    cause         text NOT NULL CHECK (cause IN ('procedure_reverted', 'price_missing')),
    noted_at      timestamptz NOT NULL,
    closed_at     timestamptz,
    closed_by     text,
    closed_because text
)
"""
REVIEW_INDEXES = (
    (
        "CREATE UNIQUE INDEX reviews_open ON reviews (clinic_id, invoice_id, cause, procedure_id) NULLS NOT DISTINCT "
        "WHERE closed_at IS NULL"
    ),
)

NOTES = """
CREATE TABLE notes (
    id                   uuid PRIMARY KEY,
    clinic_id            uuid NOT NULL,
    invoice_id           uuid NOT NULL REFERENCES invoices,
    side                 text NOT NULL CHECK (side IN ('credit', 'debit')),
    kind                 text NOT NULL,
    number               text NOT NULL,
    series_number        bigint NOT NULL,
    issue_date           date NOT NULL,
    reason               text NOT NULL,
    author               text NOT NULL,
    refund_id            uuid,
    undoes_id            uuid REFERENCES notes,
    net_minor            bigint NOT NULL CHECK (net_minor >= 0),
    tax_minor            bigint NOT NULL CHECK (tax_minor >= 0),
    cash_rounding_minor  bigint NOT NULL,
    total_minor          bigint NOT NULL CHECK (total_minor = net_minor + tax_minor + cash_rounding_minor),
    created_at           timestamptz NOT NULL,
    UNIQUE (clinic_id, side, series_number),
    UNIQUE (undoes_id),
    UNIQUE (refund_id, invoice_id, side)
)
"""
NOTE_LINES = """
CREATE TABLE note_lines (
    clinic_id        uuid NOT NULL,
    note_id          uuid NOT NULL REFERENCES notes,
    position         integer NOT NULL,
    invoice_line_id  uuid,
    description      text NOT NULL,
    net_minor        bigint NOT NULL,
    tax_minor        bigint NOT NULL,
    tax_category     text NOT NULL,
    tax_rate         numeric(7, 4) NOT NULL,
    exemption_reason text,
    PRIMARY KEY (note_id, position)
)
"""
NOTE_INDEXES = ("CREATE INDEX notes_of_invoice ON notes (invoice_id, id)",)

SETTLEMENTS = """
CREATE TABLE settlements (
    event_id        text NOT NULL,
    ordinal         integer NOT NULL,
    clinic_id       uuid NOT NULL,
    invoice_id      uuid NOT NULL REFERENCES invoices,
    transaction_id  uuid NOT NULL,
    payment_id      uuid NOT NULL,
    kind            text NOT NULL,
    change_minor    bigint NOT NULL,
    credited_minor  bigint NOT NULL,
    installment_id  uuid,
    method          text,
    payer_kind      text,
    booked_on       date,
    occurred_at     timestamptz NOT NULL,
    PRIMARY KEY (event_id, ordinal)
)
"""
SETTLEMENT_INDEXES = ("CREATE INDEX settlements_of_invoice ON settlements (invoice_id, occurred_at)",)

STATEMENTS = (
    CLINICS,
    CLINIC_VERSIONS,
    CLINIC_DIRECTORY,
    INVOICES,
    *INVOICE_INDEXES,
    FREEZE_UPDATE,
    FREEZE_DELETE,
    INVOICE_LINES,
    *INVOICE_LINE_INDEXES,
    BILLABLE_PROCEDURES,
    *BILLABLE_PROCEDURE_INDEXES,
    CLOSED_APPOINTMENTS,
    TREATMENT_PLANS,
    PLAN_ITEMS,
    *PLAN_ITEM_INDEXES,
    REVIEWS,
    *REVIEW_INDEXES,
    NOTES,
    NOTE_LINES,
    *NOTE_INDEXES,
    SETTLEMENTS,
    *SETTLEMENT_INDEXES,
)
PROTECTED = (
    "clinics",
    "clinic_versions",
    "invoices",
    "invoice_lines",
    "billable_procedures",
    "closed_appointments",
    "treatment_plans",
    "treatment_plan_items",
    "reviews",
    "notes",
    "note_lines",
    "settlements",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_chassis_tables(op)
    for statement in STATEMENTS:
        op.execute(statement)
    for table in PROTECTED:
        protect(op, table)
    grant(op, "clinic_directory", ("SELECT", "INSERT"))
    for table in ("clinic_versions", "notes", "note_lines", "settlements"):
        append_only(op, table)


def downgrade() -> None:
    raise RuntimeError("the first migration is not undone: drop the database instead")
