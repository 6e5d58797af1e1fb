"""Documents are deleted when their retention has ended, and not before, whoever asks (`ALL-9`, `RCP-1`).

One function deletes; the working role may call it and delete nothing by itself. It goes by the database's own clock: a
worker whose clock is wrong deletes nothing that every law would have kept. Guards let through what stands in
`deleted_documents`, which only the function writes.
"""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes
from chassis.database.row_security import append_only, protect, working_role

revision = "20261130_documents_end"
down_revision = "20261130_forgotten_keys"
branch_labels = None
depends_on = None

DELETED_DOCUMENTS = """
CREATE TABLE deleted_documents (
    document_id  uuid PRIMARY KEY,
    clinic_id    uuid NOT NULL,
    kind         text NOT NULL,
    deleted_at   timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
DELETED_BY_CLINIC = "CREATE INDEX deleted_documents_of_clinic ON deleted_documents (clinic_id)"
# What has ended is in none of them, so that the next run does not come by it again.
STILL_KEPT = {
    "receipts_kept": "receipts (clinic_id, numbered_on) WHERE content <> '{}'",
    "invoices_kept": "invoices (clinic_id, (content -> 'invoice' ->> 'issue_date')) WHERE content ? 'patient'",
    "notes_kept": "notes (clinic_id, (content -> 'note' ->> 'issue_date')) WHERE content <> '{}'",
    "plan_agreements_kept": "plan_agreements (clinic_id, (content ->> 'decided_on')) WHERE content <> '{}'",
}

IS_DELETED = """
CREATE FUNCTION is_deleted(document uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM deleted_documents WHERE document_id = document) $$
"""
REFUSE_DELETION = """
CREATE FUNCTION refuse_deletion_while_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     IF TG_OP = 'DELETE' AND is_deleted(OLD.document_id) THEN
       RETURN OLD;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
# The document is the column that the trigger names; of its row, only what it said is emptied.
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change_while_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     IF TG_OP = 'UPDATE' AND is_deleted((to_jsonb(OLD) ->> TG_ARGV[0])::uuid) THEN
       IF NEW.content = '{}' AND to_jsonb(OLD) - 'content' = to_jsonb(NEW) - 'content' THEN
         RETURN NEW;
       END IF;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
FROZEN = """
CREATE OR REPLACE FUNCTION refuse_thawing() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     IF (OLD.receipt_id, OLD.clinic_id, OLD.patient_id, OLD.transaction_id, OLD.kind, OLD.serial, OLD.number,
         OLD.numbered_on, OLD.amount_minor, OLD.currency, OLD.language, OLD.recorded_at)
        IS DISTINCT FROM
        (NEW.receipt_id, NEW.clinic_id, NEW.patient_id, NEW.transaction_id, NEW.kind, NEW.serial, NEW.number,
         NEW.numbered_on, NEW.amount_minor, NEW.currency, NEW.language, NEW.recorded_at)
        OR (OLD.content <> NEW.content AND NOT (NEW.content = '{}' AND is_deleted(OLD.receipt_id)))
        OR (OLD.sha256 IS NOT NULL AND OLD.sha256 IS DISTINCT FROM NEW.sha256)
     THEN
       RAISE EXCEPTION 'a receipt is frozen' USING ERRCODE = 'restrict_violation';
     END IF;
     RETURN NEW;
END $$
"""

# Six years is the least that a clinic may say. Somewhere it may be New Year already. Tasks before receipts, as
# whoever stores a document has it. Of an invoice stays what receipts and notes of later years say of it: no person.
DELETE_EXPIRED = """
CREATE FUNCTION delete_expired_documents(clinics uuid[], kept_from date[], most integer)
RETURNS TABLE (kind text, documents bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$ DECLARE
     least_kept date := make_date(
       extract(year FROM (clock_timestamp() AT TIME ZONE 'UTC') + interval '14 hours')::integer - 6, 1, 1);
     ids   uuid[];
   BEGIN
     WITH given AS (
         SELECT g.clinic_id, least(g.kept_from, least_kept) AS day
           FROM unnest(clinics, kept_from) AS g (clinic_id, kept_from)),
     expired AS (
         SELECT e.document_id, g.clinic_id, e.kind
           FROM given AS g
          CROSS JOIN LATERAL (
             (SELECT r.receipt_id AS document_id, 'receipt' AS kind FROM receipts AS r
               WHERE r.clinic_id = g.clinic_id AND r.numbered_on < g.day AND r.content <> '{}' LIMIT most)
              UNION ALL
             (SELECT i.invoice_id, 'invoice' FROM invoices AS i
               WHERE i.clinic_id = g.clinic_id AND i.content -> 'invoice' ->> 'issue_date' < g.day::text
                 AND i.content ? 'patient' LIMIT most)
              UNION ALL
             (SELECT n.note_id, n.kind FROM notes AS n
               WHERE n.clinic_id = g.clinic_id AND n.content -> 'note' ->> 'issue_date' < g.day::text
                 AND n.content <> '{}' LIMIT most)
              UNION ALL
             (SELECT a.agreement_id, 'plan_agreement' FROM plan_agreements AS a
               WHERE a.clinic_id = g.clinic_id AND a.content ->> 'decided_on' < g.day::text AND a.content <> '{}'
                 AND NOT EXISTS (SELECT FROM jsonb_array_elements(a.content -> 'plan' -> 'installments') AS one
                                  WHERE one ->> 'due' >= g.day::text) LIMIT most)) AS e
          LIMIT most),
     noted AS (
         INSERT INTO deleted_documents AS d (document_id, clinic_id, kind)
         SELECT e.document_id, e.clinic_id, e.kind FROM expired AS e ON CONFLICT DO NOTHING
         RETURNING d.document_id)
     SELECT array_agg(document_id) INTO ids FROM noted;
     DELETE FROM render_tasks AS t USING deleted_documents AS d
      WHERE d.document_id = t.document_id AND d.clinic_id = ANY (clinics);
     DELETE FROM stored_documents WHERE document_id = ANY (ids);
     UPDATE receipts SET content = '{}', void_reason = NULL WHERE receipt_id = ANY (ids);
     UPDATE invoices SET void_reason = NULL, content = jsonb_build_object('invoice', (content -> 'invoice')
            || '{"lines": [], "insurers": [], "taxes": [], "charges": [], "note": null, "discount_reason": null}')
      WHERE invoice_id = ANY (ids);
     UPDATE notes SET content = '{}' WHERE note_id = ANY (ids);
     UPDATE plan_agreements SET content = '{}' WHERE agreement_id = ANY (ids);
     RETURN QUERY SELECT d.kind, count(*) FROM deleted_documents AS d WHERE d.document_id = ANY (ids) GROUP BY d.kind;
END $$
"""
SIGNATURE = "delete_expired_documents(uuid[], date[], integer)"


def upgrade() -> None:
    build_indexes(op, STILL_KEPT)
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(DELETED_DOCUMENTS)
    op.execute(DELETED_BY_CLINIC)
    protect(op, "deleted_documents", ("SELECT",))
    append_only(op, "deleted_documents")
    for statement in (IS_DELETED, REFUSE_DELETION, REFUSE_CHANGE, FROZEN, DELETE_EXPIRED):
        op.execute(statement)
    guard("stored_documents", "UPDATE OR DELETE", "refuse_deletion_while_kept()")
    guard("notes", "UPDATE OR DELETE", "refuse_change_while_kept('note_id')")
    guard("plan_agreements", "UPDATE OR DELETE", "refuse_change_while_kept('agreement_id')")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION {SIGNATURE} TO "{working_role(op)}"')


def guard(table: str, changes: str, function: str) -> None:
    """Let another function decide which rows of an append-only table may be changed."""
    op.execute(f'DROP TRIGGER append_only ON "{table}"')
    op.execute(f'CREATE TRIGGER append_only BEFORE {changes} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
