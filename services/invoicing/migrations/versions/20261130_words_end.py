"""Words of invoices end when the years are over for which the clinic keeps its books (`ALL-9`, `PAY-12`).

One function empties them; the working role may call it and change nothing by itself. It goes by the database's own
clock, and of a clinic without settings it keeps all that any clinic may have kept.
"""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes
from chassis.database.row_security import working_role

revision = "20261130_words_end"
down_revision = "20261130_collected_months"
branch_labels = None
depends_on = None

ENDED = "its years are over"
"""What stands in the place of a text that has to be there: that there was one is of the books, and it is over."""
_ENDED_OF = f"CASE WHEN {{0}} IS NULL THEN NULL ELSE '{ENDED}' END"
# ruff: noqa: S608  our own texts
# Each kind of word by the day that it is of. What has ended is in none of the indexes, so that the next run does not
# come by it again. Drafts and requests that nobody has decided on are still work.
WORDS = {
    "settlements": ("occurred_at", "{0}reason IS NOT NULL", "reason = NULL"),
    "installment_plan_versions": ("made_at", "{0}reason IS NOT NULL", "reason = NULL"),
    "closed_appointments": ("closed_at", "{0}payer_name IS NOT NULL", "payer_name = NULL"),
    "reviews": ("closed_at", f"{{0}}closed_because <> '{ENDED}'", f"closed_because = '{ENDED}'"),
    "debit_proposals": ("closed_at", f"{{0}}closed_because <> '{ENDED}'", f"closed_because = '{ENDED}'"),
    "set_aside_decisions": ("closed_at", f"{{0}}closed_because <> '{ENDED}'", f"closed_because = '{ENDED}'"),
    "credit_requests": (
        "decided_at",
        f"({{0}}reason <> '{ENDED}' OR {{0}}decision_reason <> '{ENDED}')",
        f"reason = '{ENDED}', decision_reason = {_ENDED_OF.format('decision_reason')}",
    ),
    "billable_procedures": (
        "reverted_at",
        (
            "{0}invoice_id IS NULL AND (num_nonnulls({0}revert_reason, {0}claim) > 0 "
            f"OR {{0}}description <> '{ENDED}')"
        ),
        f"revert_reason = NULL, claim = NULL, description = {_ENDED_OF.format('description')}",
    ),
    "treatment_plans": ("accepted_at", f"{{0}}name <> '{ENDED}'", f"name = '{ENDED}'"),
    "invoices": ("voided_on", f"{{0}}void_reason <> '{ENDED}'", f"void_reason = '{ENDED}'"),
}
INDEXES = {
    **{
        f"{table}_with_words": f"{table} (clinic_id, {day}) WHERE {words.format('')}"
        for table, (day, words, _) in WORDS.items()
    },
    "notes_with_words": f"notes (clinic_id, issue_date) WHERE reason <> '{ENDED}'",
    "issued_with_words": "invoices (clinic_id, issue_date) WHERE status <> 'draft' AND NOT words_ended",
    "months_with_words": "collected_by_month (clinic_id, month) WHERE description IS NOT NULL",
}
# Committed before the indexes are built, so an attempt that was interrupted finds it there.
COLUMN = "ALTER TABLE invoices ADD COLUMN IF NOT EXISTS words_ended boolean NOT NULL DEFAULT false"
# Somewhere it may be New Year already. Six years is the least that a clinic may say.
LEAST_KEPT = """
CREATE FUNCTION least_kept() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT make_date(extract(year FROM (clock_timestamp() AT TIME ZONE 'UTC') + interval '14 hours')::integer - 6, 1, 1)
$$
"""
KEPT_FROM = """
CREATE FUNCTION kept_from(clinics uuid[]) RETURNS TABLE (clinic_id uuid, from_day date) LANGUAGE sql STABLE AS $$
  SELECT g.clinic_id,
         make_date(extract(year FROM clock_timestamp()
                                     AT TIME ZONE coalesce(c.settings ->> 'time_zone', 'UTC'))::integer
                   - CASE WHEN c.clinic_id IS NULL THEN 30
                          ELSE coalesce((c.settings ->> 'retention_years')::integer, 10) END, 1, 1)
    FROM unnest(clinics) AS g (clinic_id) LEFT JOIN clinics AS c ON c.clinic_id = g.clinic_id
$$
"""
# The row's day is the column that the trigger names first, of a note's line the note's; the other columns may end.
REFUSE_ALL_BUT_ENDING = f"""
CREATE FUNCTION refuse_all_but_ending() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE
     ending text[] := TG_ARGV[1:];
     of_day date;
   BEGIN
     IF TG_OP = 'UPDATE' THEN
       IF TG_ARGV[0] = 'note_id' THEN
         SELECT issue_date INTO of_day FROM notes WHERE id = OLD.note_id;
       ELSE
         of_day := (to_jsonb(OLD) ->> TG_ARGV[0])::date;
       END IF;
       IF of_day < least_kept() AND to_jsonb(OLD) - ending = to_jsonb(NEW) - ending
          AND NOT EXISTS (SELECT FROM unnest(ending) AS name
                           WHERE coalesce(to_jsonb(NEW) ->> name, '{ENDED}') <> '{ENDED}')
       THEN
         RETURN NEW;
       END IF;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
GUARDED = {
    "notes": ("issue_date", "reason"),
    "note_lines": ("note_id", "description"),
    "settlements": ("occurred_at", "reason"),
    "installment_plan_versions": ("made_at", "reason"),
}
# Only the owning role, so only the function, says that an invoice's words have ended, once its years are over.
LET_WORDS_END = """
CREATE FUNCTION let_words_end() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE
     words text[] := ARRAY['words_ended', 'note', 'payer_name', 'document_discount_reason', 'discounts', 'charges'];
   BEGIN
     IF NEW.words_ended AND OLD.issue_date < least_kept()
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
        AND to_jsonb(OLD) - words = to_jsonb(NEW) - words
     THEN
       RETURN NEW;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
ENDS = "CREATE TRIGGER words_end BEFORE UPDATE ON invoices FOR EACH ROW {} EXECUTE FUNCTION let_words_end()".format(
    "WHEN (OLD.words_ended IS DISTINCT FROM NEW.words_ended)"
)
# As before, but where words end; they are guarded by `words_end` then.
FROZEN = (
    "DROP TRIGGER keep_issued_on_change ON invoices",
    """
    CREATE TRIGGER keep_issued_on_change BEFORE UPDATE ON invoices FOR EACH ROW
    WHEN (OLD.words_ended = NEW.words_ended AND (
          OLD.status <> 'draft' AND (OLD.number, OLD.issue_date, OLD.due_date, OLD.net_minor, OLD.tax_minor,
          OLD.total_minor, OLD.cash_rounding_minor, OLD.discount_minor, OLD.taxes, OLD.currency, OLD.patient_id,
          OLD.series_number, OLD.issued_at, OLD.issued_by, OLD.note, OLD.payer_id, OLD.appointment_id)
          IS DISTINCT FROM (NEW.number, NEW.issue_date, NEW.due_date, NEW.net_minor, NEW.tax_minor, NEW.total_minor,
          NEW.cash_rounding_minor, NEW.discount_minor, NEW.taxes, NEW.currency, NEW.patient_id, NEW.series_number,
          NEW.issued_at, NEW.issued_by, NEW.note, NEW.payer_id, NEW.appointment_id)
          OR OLD.status <> 'draft' AND NEW.status = 'draft' OR OLD.status = 'void' AND NEW.status <> 'void'))
    EXECUTE FUNCTION refuse_change()
    """,
    "DROP TRIGGER keep_issued_adjustments ON invoices",
    """
    CREATE TRIGGER keep_issued_adjustments BEFORE UPDATE ON invoices FOR EACH ROW
    WHEN (OLD.words_ended = NEW.words_ended AND OLD.status <> 'draft'
          AND (OLD.discounts, OLD.charges, OLD.document_discount_tax_code)
          IS DISTINCT FROM (NEW.discounts, NEW.charges, NEW.document_discount_tax_code))
    EXECUTE FUNCTION refuse_change()
    """,
)
# A document's charges have their reason one level deeper than its discounts and a line's charges.
WITHOUT_REASONS = f"""
CREATE FUNCTION without_reasons(told jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN told IS NULL THEN NULL ELSE (
      SELECT jsonb_agg(CASE WHEN one ? 'charge' THEN jsonb_set(one, '{{charge,reason}}', '"{ENDED}"')
                            ELSE jsonb_set(one, '{{reason}}', '"{ENDED}"') END ORDER BY place)
        FROM jsonb_array_elements(told) WITH ORDINALITY AS each (one, place)) END
$$
"""
OF_EACH = """
     UPDATE {table} SET {emptied} WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN {table} AS w ON w.clinic_id = k.clinic_id
        WHERE w.{day} < k.from_day AND {words} LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
"""
# Procedures and items before invoices, as everybody locks them.
EMPTY_EXPIRED = f"""
CREATE FUNCTION empty_expired_words(clinics uuid[], most integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$ DECLARE
     ids     uuid[];
     rows    bigint;
     emptied bigint := 0;
   BEGIN
     SELECT array_agg(chosen.id) INTO ids FROM (
       SELECT i.id FROM kept_from(clinics) AS k JOIN invoices AS i ON i.clinic_id = k.clinic_id
        WHERE i.status <> 'draft' AND NOT i.words_ended AND i.issue_date < k.from_day LIMIT most) AS chosen;
     UPDATE billable_procedures SET {WORDS["billable_procedures"][2]} WHERE invoice_id = ANY (ids);
     UPDATE treatment_plan_items SET description = '{ENDED}' WHERE invoice_id = ANY (ids);
     UPDATE invoices SET words_ended = true, note = NULL, payer_name = NULL,
            document_discount_reason = {_ENDED_OF.format("document_discount_reason")},
            discounts = without_reasons(discounts), charges = without_reasons(charges)
      WHERE id = ANY (ids);
     UPDATE invoice_lines SET description = '{ENDED}', claim = NULL,
            discount_reason = {_ENDED_OF.format("discount_reason")}, charges = without_reasons(charges)
      WHERE invoice_id = ANY (ids);
     PERFORM rebuild_invoice_words(ids);
     emptied := coalesce(cardinality(ids), 0);

     SELECT array_agg(chosen.id) INTO ids FROM (
       SELECT n.id FROM kept_from(clinics) AS k JOIN notes AS n ON n.clinic_id = k.clinic_id
        WHERE n.issue_date < k.from_day AND n.reason <> '{ENDED}' LIMIT most) AS chosen;
     UPDATE note_lines SET description = '{ENDED}' WHERE note_id = ANY (ids);
     UPDATE notes SET reason = '{ENDED}' WHERE id = ANY (ids);
     emptied := emptied + coalesce(cardinality(ids), 0);

     UPDATE collected_by_month SET description = NULL WHERE ctid = ANY (ARRAY(
       SELECT m.ctid FROM kept_from(clinics) AS k JOIN collected_by_month AS m ON m.clinic_id = k.clinic_id
        WHERE m.month < k.from_day AND m.description IS NOT NULL LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     {
    "".join(
        OF_EACH.format(table=table, day=day, words=words.format("w."), emptied=emptied)
        for table, (day, words, emptied) in WORDS.items()
    )
}
     RETURN emptied;
END $$
"""
SIGNATURE = "empty_expired_words(uuid[], integer)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMN)
    build_indexes(op, INDEXES)
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (LEAST_KEPT, KEPT_FROM, REFUSE_ALL_BUT_ENDING, LET_WORDS_END, WITHOUT_REASONS, *FROZEN, ENDS):
        op.execute(statement)
    for table, (day, *words) in GUARDED.items():
        named = ", ".join(f"'{one}'" for one in (day, *words))
        op.execute(f"DROP TRIGGER append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_all_but_ending({named})"
        )
    op.execute(EMPTY_EXPIRED)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION {SIGNATURE} TO "{working_role(op)}"')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
