"""Estimates on lines, insurers' decisions and what was written off by them, decisions that were set aside."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261124_decisions"
down_revision = "20261124_installment_plans"
branch_labels = None
depends_on = None

COLUMNS = (
    "ALTER TABLE invoice_lines ADD COLUMN estimates jsonb",
    "ALTER TABLE notes ADD COLUMN decision_id uuid",
    "ALTER TABLE settlements ADD COLUMN payer_id uuid",
    # One decision makes one credit note and one debit note at most, however often it is told (`INS-3`).
    ("CREATE UNIQUE INDEX notes_of_decision ON notes (clinic_id, decision_id, side) WHERE decision_id IS NOT NULL"),
    "ALTER TABLE reviews DROP CONSTRAINT reviews_cause_check",
    (
        "ALTER TABLE reviews ADD CONSTRAINT reviews_cause_check CHECK (cause IN ('procedure_reverted', "
        "'price_missing', 'write_off_capped', 'decided_beyond_fee', 'decided_after_void'))"
    ),
)

DECISIONS = """
CREATE TABLE decisions (
    id                    uuid PRIMARY KEY,
    clinic_id             uuid NOT NULL,
    decision_id           uuid NOT NULL,
    claim_id              uuid NOT NULL,
    invoice_id            uuid NOT NULL REFERENCES invoices,
    patient_id            uuid NOT NULL,
    payer_id              uuid NOT NULL,
    payer_name            text NOT NULL,
    payer_sequence        text NOT NULL CHECK (payer_sequence IN ('primary', 'secondary', 'tertiary')),
    remittance_id         uuid,
    remittance_reference  text,
    charge_minor          bigint NOT NULL,
    paid_minor            bigint NOT NULL,
    contractual_minor     bigint NOT NULL,
    patient_minor         bigint NOT NULL,
    other_minor           bigint NOT NULL,
    written_off_minor     bigint NOT NULL,
    decided_at            timestamptz NOT NULL,
    applied_at            timestamptz NOT NULL,
    UNIQUE (clinic_id, decision_id),
    CHECK (charge_minor = paid_minor + contractual_minor + patient_minor + other_minor)
)
"""
DECISION_INDEXES = (
    "CREATE INDEX decisions_newest ON decisions (clinic_id, id)",
    "CREATE INDEX decisions_of_patient ON decisions (clinic_id, patient_id, id)",
    "CREATE INDEX decisions_of_invoice ON decisions (invoice_id, id)",
    "CREATE INDEX decisions_of_payer ON decisions (clinic_id, payer_id, id)",
    "CREATE INDEX decisions_of_claim ON decisions (clinic_id, claim_id, id)",
    "CREATE INDEX decisions_of_remittance ON decisions (clinic_id, remittance_id, id) WHERE remittance_id IS NOT NULL",
)

# What an insurer decided on one line; `INS-3` is its check.
DECISION_LINES = """
CREATE TABLE decision_lines (
    clinic_id          uuid NOT NULL,
    decision_id        uuid NOT NULL,
    position           integer NOT NULL,
    invoice_id         uuid NOT NULL REFERENCES invoices,
    invoice_line_id    uuid NOT NULL REFERENCES invoice_lines,
    payer_id           uuid NOT NULL,
    payer_name         text NOT NULL,
    payer_sequence     text NOT NULL,
    charge_minor       bigint NOT NULL,
    allowed_minor      bigint NOT NULL,
    paid_minor         bigint NOT NULL,
    contractual_minor  bigint NOT NULL,
    patient_minor      bigint NOT NULL,
    other_minor        bigint NOT NULL,
    PRIMARY KEY (clinic_id, decision_id, position),
    UNIQUE (clinic_id, decision_id, invoice_line_id),
    CHECK (charge_minor = paid_minor + contractual_minor + patient_minor + other_minor)
)
"""
DECISION_LINE_INDEXES = ("CREATE INDEX decision_lines_of_invoice ON decision_lines (invoice_id, invoice_line_id)",)

DECISION_ADJUSTMENTS = """
CREATE TABLE decision_adjustments (
    clinic_id         uuid NOT NULL,
    decision_id       uuid NOT NULL,
    position          integer NOT NULL,
    ordinal           integer NOT NULL,
    adjustment_group  text NOT NULL CHECK (adjustment_group IN ('CO', 'PR', 'OA', 'PI')),
    reason_code       text NOT NULL,
    amount_minor      bigint NOT NULL,
    PRIMARY KEY (clinic_id, decision_id, position, ordinal)
)
"""

# `document` is the decision as the insurer stated it, so that it can be tried again.
SET_ASIDE = """
CREATE TABLE set_aside_decisions (
    id              uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    decision_id     uuid NOT NULL,
    claim_id        uuid NOT NULL,
    invoice_id      uuid NOT NULL,
    patient_id      uuid NOT NULL,
    payer_id        uuid NOT NULL,
    payer_name      text NOT NULL,
    remittance_id   uuid,
    cause           text NOT NULL,
    detail          text NOT NULL,
    document        jsonb NOT NULL,
    state           text NOT NULL CHECK (state IN ('open', 'applied', 'dismissed')),
    set_aside_at    timestamptz NOT NULL,
    closed_at       timestamptz,
    closed_by       text,
    closed_because  text,
    CHECK ((state = 'open') = (closed_at IS NULL))
)
"""
SET_ASIDE_INDEXES = (
    "CREATE UNIQUE INDEX set_aside_decisions_open ON set_aside_decisions (clinic_id, decision_id) WHERE state = 'open'",
    "CREATE INDEX set_aside_decisions_newest ON set_aside_decisions (clinic_id, id)",
    "CREATE INDEX set_aside_decisions_waiting ON set_aside_decisions (clinic_id, id) WHERE state = 'open'",
    "CREATE INDEX set_aside_decisions_of_patient ON set_aside_decisions (clinic_id, patient_id, id)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        *COLUMNS,
        DECISIONS,
        *DECISION_INDEXES,
        DECISION_LINES,
        *DECISION_LINE_INDEXES,
        DECISION_ADJUSTMENTS,
        SET_ASIDE,
        *SET_ASIDE_INDEXES,
    ):
        op.execute(statement)
    for table in ("decisions", "decision_lines", "decision_adjustments"):
        protect(op, table)
        append_only(op, table)
    protect(op, "set_aside_decisions", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("decisions are never deleted: restore the database instead")
