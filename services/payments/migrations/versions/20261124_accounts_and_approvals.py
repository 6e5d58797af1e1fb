"""Account lines, days that are closed, refunds that need a second person, receipts beside their transactions."""

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261124_accounts_and_approvals"
down_revision = "20261124_journal_by_day"
branch_labels = None
depends_on = None

READ_INSERT = ("SELECT", "INSERT")
NO_DELETE = ("SELECT", "INSERT", "UPDATE")

# One row for each thing that a patient's account shows, written with it. The key is the order of the account; the sum
# of `change_minor` up to a row is the balance after it, which the index alone answers (PAY-9).
ACCOUNT_LINES = """
CREATE TABLE account_lines (
    clinic_id     uuid NOT NULL,
    patient_id    uuid NOT NULL,
    on_date       date NOT NULL,
    line_id       bigint GENERATED ALWAYS AS IDENTITY,
    source_id     uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN (
        'invoice', 'credit_note', 'debit_note', 'void', 'receipt',
        'payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'credit_application',
        'credit_transfer_out', 'credit_transfer_in', 'release')),
    change_minor  bigint NOT NULL,
    recorded_at   timestamptz NOT NULL,
    PRIMARY KEY (clinic_id, patient_id, on_date, line_id) INCLUDE (change_minor)
)
"""
LINES_OF_DOCUMENTS = """
INSERT INTO account_lines (clinic_id, patient_id, on_date, source_id, kind, change_minor, recorded_at)
WITH moved AS (
    SELECT clinic_id, patient_id, posting_id, sum(minor)::bigint AS change
      FROM journal_entries WHERE account IN ('receivable', 'patient_credit') AND patient_id IS NOT NULL
     GROUP BY clinic_id, patient_id, posting_id
),
lines AS (
    SELECT d.clinic_id, i.patient_id, d.issue_date AS on_date, d.document_id AS source_id, d.kind,
           coalesce(m.change, 0) AS change, d.recorded_at
      FROM invoice_documents AS d
      JOIN invoices AS i USING (invoice_id)
      LEFT JOIN moved AS m ON m.posting_id = d.document_id AND m.patient_id = i.patient_id
     UNION ALL
    SELECT t.clinic_id, t.patient_id, t.booked_on, t.transaction_id, t.kind, coalesce(m.change, 0), t.recorded_at
      FROM transactions AS t
      LEFT JOIN moved AS m
        ON m.posting_id = CASE t.kind WHEN 'credit_transfer_in' THEN t.linked_id ELSE t.transaction_id END
       AND m.patient_id = t.patient_id
     UNION ALL
    SELECT m.clinic_id, m.patient_id, t.booked_on, t.transaction_id, t.kind, m.change, t.recorded_at
      FROM moved AS m JOIN transactions AS t ON t.transaction_id = m.posting_id
     WHERE m.patient_id <> t.patient_id AND t.kind <> 'credit_transfer_out'
)
SELECT * FROM lines ORDER BY recorded_at, source_id
"""

RECEIPTS = """
CREATE TABLE receipts (
    receipt_id      uuid PRIMARY KEY,
    clinic_id       uuid NOT NULL,
    patient_id      uuid NOT NULL,
    transaction_id  uuid NOT NULL,
    number          text NOT NULL,
    void            boolean NOT NULL DEFAULT false
)
"""
RECEIPTS_OF_TRANSACTION = "CREATE INDEX receipts_of_transaction ON receipts (transaction_id)"

# The group that a payment had when a transaction about it was booked: what the day's sheet sorts by, whatever the
# payment is labelled later (PAY-10). `request_id` says who asked for a refund that a second person approved (ALL-5).
TRANSACTION_COLUMNS = "ALTER TABLE transactions ADD COLUMN group_id uuid, ADD COLUMN request_id uuid"
GROUPS_OF_TRANSACTIONS = """
UPDATE transactions AS t SET group_id = p.group_id FROM payment_positions AS p
 WHERE p.payment_id = t.payment_id AND p.group_id IS NOT NULL
"""
TRANSACTIONS_OF_DAY = """
CREATE INDEX transactions_of_day ON transactions (clinic_id, booked_on, transaction_id)
INCLUDE (kind, method, method_label, group_id, payment_id, amount_minor)
"""
RELABELINGS = """
CREATE TABLE relabelings (
    relabeling_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic_id      uuid NOT NULL,
    payment_id     uuid NOT NULL,
    version        bigint NOT NULL,
    group_before   uuid,
    group_after    uuid,
    note_before    text,
    note_after     text,
    changed_on     date NOT NULL,
    changed_at     timestamptz NOT NULL,
    changed_by     text NOT NULL
)
"""
RELABELINGS_OF_DAY = "CREATE INDEX relabelings_of_day ON relabelings (clinic_id, changed_on)"
RELABELINGS_OF_PAYMENT = "CREATE INDEX relabelings_of_payment ON relabelings (payment_id, relabeling_id)"
RELABELINGS_OF_GROUP = """
CREATE INDEX relabelings_of_group ON relabelings (group_before) WHERE group_before IS NOT NULL
"""

# What was booked on days that nothing can be booked on any more, summed once.
DAY_TOTALS = """
CREATE TABLE day_totals (
    clinic_id     uuid NOT NULL,
    booked_on     date NOT NULL,
    kind          text NOT NULL,
    method        text NOT NULL,
    method_label  text,
    group_id      uuid,
    count         bigint NOT NULL,
    minor         bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (clinic_id, booked_on, kind, method, method_label, group_id)
)
"""
SUMMED_DAYS = """
CREATE TABLE summed_days (
    clinic_id  uuid PRIMARY KEY,
    until      date NOT NULL
)
"""

SETTINGS = """
CREATE TABLE payment_setting_versions (
    clinic_id           uuid NOT NULL,
    version             bigint NOT NULL CHECK (version > 0),
    refund_limit_minor  bigint CHECK (refund_limit_minor >= 0),
    currency            text NOT NULL,
    reason              text,
    changed_at          timestamptz NOT NULL,
    changed_by          text NOT NULL,
    PRIMARY KEY (clinic_id, version)
)
"""
GROUP_CHANGES = """
CREATE TABLE payment_group_changes (
    group_id    uuid NOT NULL,
    version     bigint NOT NULL,
    clinic_id   uuid NOT NULL,
    change      text NOT NULL CHECK (change IN ('created', 'changed', 'ordered', 'deleted')),
    name        text NOT NULL,
    color       text,
    position    integer NOT NULL,
    archived    boolean NOT NULL,
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    PRIMARY KEY (group_id, version)
)
"""
REFUND_REQUESTS = """
CREATE TABLE refund_requests (
    request_id         uuid PRIMARY KEY,
    clinic_id          uuid NOT NULL,
    patient_id         uuid NOT NULL,
    kind               text NOT NULL CHECK (kind IN ('refund', 'withdrawal')),
    payment_id         uuid CHECK ((payment_id IS NULL) = (kind = 'withdrawal')),
    treatment_plan_id  uuid,
    amount_minor       bigint NOT NULL CHECK (amount_minor > 0),
    limit_minor        bigint NOT NULL,
    currency           text NOT NULL,
    reason_code        text NOT NULL,
    reason             text,
    method             text,
    method_label       text,
    state              text NOT NULL CHECK (state IN ('requested', 'completed', 'rejected', 'withdrawn')),
    requested_by       text NOT NULL,
    requested_at       timestamptz NOT NULL,
    decided_by         text,
    decided_at         timestamptz,
    decision_reason    text,
    version            bigint NOT NULL,
    CHECK ((state = 'requested') = (decided_by IS NULL)),
    CONSTRAINT two_persons CHECK (state NOT IN ('completed', 'rejected') OR decided_by <> requested_by)
)
"""
REFUND_REQUESTS_OF_CLINIC = "CREATE INDEX refund_requests_of_clinic ON refund_requests (clinic_id, state, request_id)"
TRANSACTIONS_OF_REQUEST = """
CREATE INDEX transactions_of_request ON transactions (request_id, transaction_id) WHERE request_id IS NOT NULL
"""

# A deposit for a treatment plan settles that plan's invoices first (PAY-3).
PLANS_OF_INVOICES = "ALTER TABLE invoices ADD COLUMN treatment_plan_ids uuid[] NOT NULL DEFAULT '{}'"

READ_FOR_LINES = ("invoices", "invoice_documents", "transactions", "journal_entries", "payment_positions")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _add_columns()
    for statement in (
        ACCOUNT_LINES,
        RECEIPTS,
        RECEIPTS_OF_TRANSACTION,
        RELABELINGS,
        RELABELINGS_OF_DAY,
        RELABELINGS_OF_PAYMENT,
        RELABELINGS_OF_GROUP,
        DAY_TOTALS,
        SUMMED_DAYS,
        SETTINGS,
        GROUP_CHANGES,
        REFUND_REQUESTS,
        REFUND_REQUESTS_OF_CLINIC,
    ):
        op.execute(statement)
    _fill()
    op.execute("DROP INDEX transactions_of_day")
    op.execute(TRANSACTIONS_OF_DAY)
    op.execute(TRANSACTIONS_OF_REQUEST)
    # Only the account was read by it, which has its own lines now.
    op.execute("DROP INDEX documents_of_patient")
    for table in ("receipts", "summed_days", "refund_requests"):
        protect(op, table, NO_DELETE)
    for table in ("account_lines", "relabelings", "day_totals", "payment_setting_versions", "payment_group_changes"):
        protect(op, table, READ_INSERT)
        append_only(op, table)


def _add_columns() -> None:
    op.execute(TRANSACTION_COLUMNS)
    op.execute(PLANS_OF_INVOICES)


def _fill() -> None:
    """What is there already gets its lines and groups; the guards are let down for it, in this transaction only."""
    for table in READ_FOR_LINES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE transactions DISABLE TRIGGER append_only")
    op.execute(GROUPS_OF_TRANSACTIONS)
    op.execute("ALTER TABLE transactions ENABLE TRIGGER append_only")
    op.execute(LINES_OF_DOCUMENTS)
    for table in READ_FOR_LINES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
