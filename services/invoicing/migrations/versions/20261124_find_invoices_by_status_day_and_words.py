"""Lists of invoices by status, day and words from indexes; who moved money and why; when an invoice became void."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261124_find_invoices"
down_revision = "20261123_invoices"
branch_labels = None
depends_on = None

OPEN = "total_minor + debited_minor > credited_minor + settled_minor"
STATUSES = {
    "draft": "status = 'draft'",
    "void": "status = 'void'",
    "paid": f"status = 'issued' AND NOT ({OPEN})",
    "partially_paid": f"status = 'issued' AND {OPEN} AND settled_minor > 0",
    "issued": f"status = 'issued' AND {OPEN} AND settled_minor <= 0",
}
# One partial index a status, an invoice being in one of them at a time. An index on an expression would not do:
# row-level security keeps a condition from an index unless its functions are leakproof, and adding amounts is not.
LISTS = (
    *(f"CREATE INDEX invoices_{name} ON invoices (clinic_id, id) WHERE {which}" for name, which in STATUSES.items()),
    "CREATE INDEX invoices_by_day ON invoices (clinic_id, issue_date, id) WHERE issue_date IS NOT NULL",
    "CREATE INDEX reviews_listed ON reviews (clinic_id, id)",
    "CREATE INDEX treatment_plans_of_patient ON treatment_plans (clinic_id, patient_id, treatment_plan_id)",
    (
        "CREATE INDEX treatment_plan_items_of_procedure ON treatment_plan_items (procedure_id) "
        "WHERE procedure_id IS NOT NULL"
    ),
    "CREATE INDEX billable_procedures_of_patient ON billable_procedures (clinic_id, patient_id, procedure_id)",
    (
        "CREATE INDEX billable_procedures_of_appointment ON billable_procedures "
        "(clinic_id, appointment_id, procedure_id) WHERE appointment_id IS NOT NULL"
    ),
)

# Words without case, accents and leading zeros, so that 117 finds INV-2026-000117. The collation is named, for a
# database may have been made with one that knows ASCII only.
SEARCH_WORDS = r"""
CREATE FUNCTION search_words(told text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT left(regexp_replace(word, '^0+(?=[0-9]+$)', ''), 40) COLLATE "C"
      FROM regexp_split_to_table(
               regexp_replace(normalize(lower(told COLLATE "pg_c_utf8"), NFKD), '[\u0300-\u036f]', '', 'g'),
               '[^[:alnum:]]+') AS word
     WHERE word <> ''
$$
"""

# An index by words as a table of its own: clinic first, and its comparisons are leakproof, so that row-level security
# lets them into the index; the operators of pg_trgm and of tsvector it does not.
INVOICE_WORDS = """
CREATE TABLE invoice_words (
    clinic_id   uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    word        text COLLATE "C" NOT NULL,
    PRIMARY KEY (invoice_id, word)
)
"""
INVOICE_WORDS_INDEX = "CREATE INDEX invoice_words_found ON invoice_words (clinic_id, word, invoice_id)"

# The database keeps the words, as it keeps an index: no way of writing lines can forget them.
REBUILD = """
CREATE FUNCTION rebuild_invoice_words(invoices_changed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM invoice_words WHERE invoice_id = ANY (invoices_changed);
    INSERT INTO invoice_words (clinic_id, invoice_id, word)
    SELECT i.clinic_id, i.id, w
      FROM invoices i
      CROSS JOIN LATERAL search_words(concat_ws(' ', i.number, i.note, (
          SELECT string_agg(concat_ws(' ', l.description, l.code, l.sku), ' ')
            FROM invoice_lines l WHERE l.invoice_id = i.id), (
          SELECT string_agg(n.number, ' ') FROM notes n WHERE n.invoice_id = i.id))) AS w
     WHERE i.id = ANY (invoices_changed);
END $$
"""
LINES_ADDED = """
CREATE FUNCTION words_of_added_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoice_words (clinic_id, invoice_id, word)
    SELECT told.clinic_id, told.invoice_id, w
      FROM (SELECT clinic_id, invoice_id, string_agg(concat_ws(' ', description, code, sku), ' ') AS words
              FROM added GROUP BY clinic_id, invoice_id) told
      CROSS JOIN LATERAL search_words(told.words) AS w
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
LINES_TAKEN = """
CREATE FUNCTION words_of_taken_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rebuild_invoice_words(array_agg(DISTINCT invoice_id)) FROM taken HAVING count(*) > 0;
    RETURN NULL;
END $$
"""
INVOICE_SAYS = """
CREATE FUNCTION words_of_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.note IS DISTINCT FROM NEW.note THEN
        PERFORM rebuild_invoice_words(ARRAY[NEW.id]);
    ELSE
        INSERT INTO invoice_words (clinic_id, invoice_id, word)
        SELECT NEW.clinic_id, NEW.id, w FROM search_words(concat_ws(' ', NEW.number, NEW.note)) AS w
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
"""
NOTE_NUMBERED = """
CREATE FUNCTION words_of_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoice_words (clinic_id, invoice_id, word)
    SELECT NEW.clinic_id, NEW.invoice_id, w FROM search_words(NEW.number) AS w ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
INVOICE_GONE = """
CREATE FUNCTION words_of_deleted_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM invoice_words WHERE invoice_id = OLD.id;
    RETURN NULL;
END $$
"""
FUNCTIONS = (SEARCH_WORDS, REBUILD, LINES_ADDED, LINES_TAKEN, INVOICE_SAYS, NOTE_NUMBERED, INVOICE_GONE)
TRIGGERS = (
    (
        "CREATE TRIGGER words_added AFTER INSERT ON invoice_lines REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION words_of_added_lines()"
    ),
    (
        "CREATE TRIGGER words_taken AFTER DELETE ON invoice_lines REFERENCING OLD TABLE AS taken "
        "FOR EACH STATEMENT EXECUTE FUNCTION words_of_taken_lines()"
    ),
    (
        "CREATE TRIGGER words_said AFTER INSERT ON invoices FOR EACH ROW "
        "WHEN (NEW.number IS NOT NULL OR NEW.note IS NOT NULL) EXECUTE FUNCTION words_of_invoice()"
    ),
    (
        "CREATE TRIGGER words_changed AFTER UPDATE OF number, note ON invoices FOR EACH ROW "
        "WHEN ((OLD.number, OLD.note) IS DISTINCT FROM (NEW.number, NEW.note)) EXECUTE FUNCTION words_of_invoice()"
    ),
    "CREATE TRIGGER words_numbered AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION words_of_note()",
    "CREATE TRIGGER words_gone AFTER DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION words_of_deleted_invoice()",
)

# As `rebuild_invoice_words`, once for all that is there.
BACKFILL = """
INSERT INTO invoice_words (clinic_id, invoice_id, word)
SELECT i.clinic_id, i.id, w
  FROM invoices i
  LEFT JOIN (SELECT invoice_id, string_agg(concat_ws(' ', description, code, sku), ' ') AS told
               FROM invoice_lines GROUP BY 1) l ON l.invoice_id = i.id
  LEFT JOIN (SELECT invoice_id, string_agg(number, ' ') AS told FROM notes GROUP BY 1) n ON n.invoice_id = i.id
 CROSS JOIN LATERAL search_words(concat_ws(' ', i.number, i.note, l.told, n.told)) AS w
"""
COLUMNS = (
    "ALTER TABLE settlements ADD COLUMN refund_id uuid, ADD COLUMN by_subject text, ADD COLUMN reason text",
    "ALTER TABLE invoices ADD COLUMN voided_at timestamptz",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*COLUMNS, *LISTS, *FUNCTIONS, INVOICE_WORDS):
        op.execute(statement)
    _fill()
    op.execute(INVOICE_WORDS_INDEX)
    for statement in TRIGGERS:
        op.execute(statement)
    protect(op, "invoice_words", ("SELECT", "INSERT", "DELETE"))


def _fill() -> None:
    """Rows of every clinic are read, which row-level security forbids even to their owner; it is lifted meanwhile."""
    read = ("invoices", "invoice_lines", "notes")
    for table in read:
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(BACKFILL)
    for table in read:
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
