"""Payments, their journal, and the balances that are derived from it."""

from alembic import op
from chassis.database.row_security import append_only, protect
from chassis.database.schema import create_chassis_tables

revision = "20261123_payments_and_journal"
down_revision = None
branch_labels = None
depends_on = None

READ_INSERT = ("SELECT", "INSERT")
NO_DELETE = ("SELECT", "INSERT", "UPDATE")

CLINICS = """
CREATE TABLE clinics (
    clinic_id  uuid PRIMARY KEY,
    version    bigint NOT NULL,
    currency   text NOT NULL,
    time_zone  text NOT NULL
)
"""

INVOICES = """
CREATE TABLE invoices (
    invoice_id             uuid PRIMARY KEY,
    clinic_id              uuid NOT NULL,
    patient_id             uuid NOT NULL,
    number                 text NOT NULL,
    currency               text NOT NULL,
    issue_date             date NOT NULL,
    due_date               date NOT NULL,
    total_minor            bigint NOT NULL CHECK (total_minor >= 0),
    debited_minor          bigint NOT NULL DEFAULT 0 CHECK (debited_minor >= 0),
    credited_minor         bigint NOT NULL DEFAULT 0 CHECK (credited_minor >= 0),
    refund_adjusted_minor  bigint NOT NULL DEFAULT 0 CHECK (refund_adjusted_minor >= 0),
    voided_minor           bigint NOT NULL DEFAULT 0,
    settled_minor          bigint NOT NULL DEFAULT 0 CHECK (settled_minor >= 0),
    void                   boolean NOT NULL DEFAULT false,
    version                bigint NOT NULL DEFAULT 1,
    CONSTRAINT no_more_settled_than_asked CHECK (settled_minor <= greatest(
        0, total_minor + debited_minor - credited_minor - refund_adjusted_minor - voided_minor))
) WITH (fillfactor = 80)
"""
INVOICES_OF_PATIENT = "CREATE INDEX invoices_of_patient ON invoices (clinic_id, patient_id, invoice_id)"

DOCUMENTS = """
CREATE TABLE invoice_documents (
    document_id  uuid PRIMARY KEY,
    clinic_id    uuid NOT NULL,
    patient_id   uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'debit_note', 'void')),
    number       text NOT NULL,
    total_minor  bigint NOT NULL,
    issue_date   date NOT NULL,
    recorded_at  timestamptz NOT NULL,
    refund_id    uuid
)
"""
DOCUMENTS_OF_PATIENT = "CREATE INDEX documents_of_patient ON invoice_documents (clinic_id, patient_id, recorded_at)"

GROUPS = """
CREATE TABLE payment_groups (
    group_id   uuid PRIMARY KEY,
    clinic_id  uuid NOT NULL,
    name       text NOT NULL,
    color      text,
    position   integer NOT NULL,
    archived   boolean NOT NULL DEFAULT false,
    version    bigint NOT NULL DEFAULT 1
)
"""
GROUP_NAMES = "CREATE UNIQUE INDEX payment_group_names ON payment_groups (clinic_id, lower(name)) WHERE NOT archived"

TRANSACTIONS = """
CREATE TABLE transactions (
    transaction_id      uuid PRIMARY KEY,
    clinic_id           uuid NOT NULL,
    patient_id          uuid NOT NULL,
    kind                text NOT NULL CHECK (kind IN (
        'payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'credit_application',
        'credit_transfer_out', 'credit_transfer_in', 'release')),
    amount_minor        bigint NOT NULL CHECK (amount_minor > 0),
    currency            text NOT NULL,
    method              text NOT NULL,
    method_label        text,
    payer_kind          text NOT NULL,
    payer_id            uuid,
    payer_name          text,
    recorded_at         timestamptz NOT NULL,
    booked_on           date NOT NULL,
    recorded_by         text NOT NULL,
    payment_id          uuid,
    reverses_id         uuid,
    linked_id           uuid,
    received_at         timestamptz,
    reason_code         text,
    reason              text,
    external_reference  text,
    treatment_plan_id   uuid
)
"""
# One transaction is undone once: the database's own word on "cancelling twice is one cancellation" (PAY-5).
REVERSED_ONCE = (
    "CREATE UNIQUE INDEX transaction_reversed_once ON transactions (reverses_id) WHERE reverses_id IS NOT NULL"
)
TRANSACTIONS_OF_DAY = "CREATE INDEX transactions_of_day ON transactions (clinic_id, booked_on, transaction_id)"
TRANSACTIONS_OF_PATIENT = "CREATE INDEX transactions_of_patient ON transactions (clinic_id, patient_id, transaction_id)"
TRANSACTIONS_OF_PAYMENT = (
    "CREATE INDEX transactions_of_payment ON transactions (payment_id) WHERE payment_id <> transaction_id"
)

JOURNAL = """
CREATE TABLE journal_entries (
    entry_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    posting_id  uuid NOT NULL,
    account     text NOT NULL CHECK (account IN (
        'money', 'receivable', 'patient_credit', 'revenue', 'credit_notes', 'refund_allowances', 'chargeback_losses')),
    minor       bigint NOT NULL CHECK (minor <> 0),
    patient_id  uuid,
    invoice_id  uuid,
    payment_id  uuid,
    method      text
)
"""
JOURNAL_OF_PAYMENT = "CREATE INDEX journal_of_payment ON journal_entries (payment_id) WHERE payment_id IS NOT NULL"
JOURNAL_OF_INVOICE = "CREATE INDEX journal_of_invoice ON journal_entries (invoice_id) WHERE invoice_id IS NOT NULL"
JOURNAL_OF_PATIENT = """
CREATE INDEX journal_of_patient ON journal_entries (clinic_id, patient_id, posting_id) INCLUDE (account, minor)
 WHERE patient_id IS NOT NULL
"""
# Each posting is one statement, so that debits and credits are compared at its end (PAY-12).
REFUSE_UNBALANCED = """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM added GROUP BY posting_id HAVING sum(minor) <> 0;
    IF FOUND THEN
        RAISE EXCEPTION 'a posting of the journal does not balance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
BALANCED = """
CREATE TRIGGER balanced AFTER INSERT ON journal_entries REFERENCING NEW TABLE AS added
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced()
"""

POSITIONS = """
CREATE TABLE payment_positions (
    payment_id         uuid PRIMARY KEY,
    clinic_id          uuid NOT NULL,
    patient_id         uuid NOT NULL,
    amount_minor       bigint NOT NULL,
    allocated_minor    bigint NOT NULL CHECK (allocated_minor >= 0),
    unallocated_minor  bigint NOT NULL CHECK (unallocated_minor >= 0),
    refunded_minor     bigint NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
    status             text NOT NULL DEFAULT 'recorded' CHECK (status IN ('recorded', 'cancelled', 'charged_back')),
    note               text,
    group_id           uuid REFERENCES payment_groups,
    version            bigint NOT NULL DEFAULT 1,
    CONSTRAINT nothing_lost CHECK (
        allocated_minor + unallocated_minor
        = CASE WHEN status = 'recorded' THEN amount_minor - refunded_minor ELSE 0 END)
) WITH (fillfactor = 80)
"""
POSITIONS_OF_GROUP = "CREATE INDEX positions_of_group ON payment_positions (group_id) WHERE group_id IS NOT NULL"

CREDIT_PARTS = """
CREATE TABLE credit_parts (
    payment_id  uuid NOT NULL,
    patient_id  uuid NOT NULL,
    clinic_id   uuid NOT NULL,
    minor       bigint NOT NULL CHECK (minor >= 0),
    PRIMARY KEY (payment_id, patient_id)
)
"""
CREDIT_PARTS_OF_PATIENT = """
CREATE INDEX credit_parts_of_patient ON credit_parts (clinic_id, patient_id) WHERE minor > 0
"""
PATIENT_CREDIT = """
CREATE TABLE patient_credit (
    clinic_id      uuid NOT NULL,
    patient_id     uuid NOT NULL,
    balance_minor  bigint NOT NULL CHECK (balance_minor >= 0),
    version        bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (clinic_id, patient_id)
)
"""

STATEMENTS = (
    CLINICS,
    INVOICES,
    INVOICES_OF_PATIENT,
    DOCUMENTS,
    DOCUMENTS_OF_PATIENT,
    GROUPS,
    GROUP_NAMES,
    TRANSACTIONS,
    REVERSED_ONCE,
    TRANSACTIONS_OF_DAY,
    TRANSACTIONS_OF_PATIENT,
    TRANSACTIONS_OF_PAYMENT,
    JOURNAL,
    JOURNAL_OF_PAYMENT,
    JOURNAL_OF_INVOICE,
    JOURNAL_OF_PATIENT,
    REFUSE_UNBALANCED,
    BALANCED,
    POSITIONS,
    POSITIONS_OF_GROUP,
    CREDIT_PARTS,
    CREDIT_PARTS_OF_PATIENT,
    PATIENT_CREDIT,
)


# The proof (ALL-8) has to learn which clinics there are; it then looks at each as that clinic.
PROVING = "CREATE POLICY proving ON clinics FOR SELECT USING (current_setting('app.proving', true) = 'on')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_chassis_tables(op)
    for statement in STATEMENTS:
        op.execute(statement)
    for table in ("clinics", "invoices", "payment_positions", "credit_parts", "patient_credit"):
        protect(op, table, NO_DELETE)
    protect(op, "payment_groups")
    for table in ("transactions", "journal_entries", "invoice_documents"):
        protect(op, table, READ_INSERT)
        append_only(op, table)
    op.execute(PROVING)
