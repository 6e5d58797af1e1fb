"""Words of transactions end when the years are over for which the clinic keeps its books (`ALL-9`, `PAY-12`).

One function empties them; the working role may call it and change nothing by itself. It goes by the database's own
clock, and of a clinic whose years were never heard of it keeps all that any clinic may have kept.
"""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes
from chassis.database.row_security import working_role

revision = "20261130_words_end"
down_revision = "20261130_still_estimated"
branch_labels = None
depends_on = None

ENDED = "its years are over"
"""What stands in the place of a reason: that there was one is of the books, and what it was is over."""
RETENTION = "ALTER TABLE clinics ADD COLUMN retention_years integer CHECK (retention_years BETWEEN 6 AND 30)"
# An insurer is no person, and its transfers are told apart by their references (PAY-17).
OF_PERSONS = f"""
{{0}}payer_kind <> 'insurer'
AND ({{0}}payer_name IS NOT NULL OR {{0}}external_reference IS NOT NULL OR {{0}}reason <> '{ENDED}')
"""
OF_LABELS = "num_nonnulls({0}note_before, {0}note_after, {0}reason) > 0"
OF_REQUESTS = f"{{0}}state <> 'requested' AND ({{0}}reason <> '{ENDED}' OR {{0}}decision_reason <> '{ENDED}')"
# What has ended is in none of them, so that the next run does not come by it again.
INDEXES = {
    "transactions_with_words": f"transactions (clinic_id, booked_on) WHERE {OF_PERSONS.format('')}",
    "positions_with_notes": "payment_positions (clinic_id) WHERE note IS NOT NULL",
    "relabelings_with_words": f"relabelings (clinic_id, changed_on) WHERE {OF_LABELS.format('')}",
    "requests_with_words": f"refund_requests (clinic_id, requested_at) WHERE {OF_REQUESTS.format('')}",
}
# Somewhere it may be New Year already. Six years is the least that a clinic may say.
LEAST_KEPT = """
CREATE FUNCTION least_kept() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT make_date(extract(year FROM (clock_timestamp() AT TIME ZONE 'UTC') + interval '14 hours')::integer - 6, 1, 1)
$$
"""
REFUSE_CHANGE = f"""
CREATE FUNCTION refuse_change_while_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE words text[] := ARRAY['payer_name', 'external_reference', 'reference_alike', 'reason'];
   BEGIN
     IF TG_OP = 'UPDATE' AND OLD.booked_on < least_kept() AND to_jsonb(OLD) - words = to_jsonb(NEW) - words
        AND num_nonnulls(NEW.payer_name, NEW.external_reference, NEW.reference_alike) = 0
        AND NEW.reason IS NOT DISTINCT FROM (CASE WHEN OLD.reason IS NULL THEN NULL ELSE '{ENDED}' END)
     THEN
       RETURN NEW;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
KEPT_FROM = """
CREATE FUNCTION kept_from(clinics uuid[]) RETURNS TABLE (clinic_id uuid, from_day date) LANGUAGE sql STABLE AS $$
  SELECT g.clinic_id, make_date(extract(year FROM clock_timestamp() AT TIME ZONE coalesce(c.time_zone, 'UTC'))::integer
                                - coalesce(c.retention_years, 30), 1, 1)
    FROM unnest(clinics) AS g (clinic_id) LEFT JOIN clinics AS c ON c.clinic_id = g.clinic_id
$$
"""
# Whose money is still held as credit is still to be known. A payment's note goes with those before each edit, which the
# proof compares. A request that nobody has decided on is still work.
EMPTY_EXPIRED = f"""
CREATE FUNCTION empty_expired_words(clinics uuid[], most integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$ DECLARE
     ids     uuid[];
     emptied bigint := 0;
   BEGIN
     SELECT array_agg(chosen.transaction_id) INTO ids FROM (
       SELECT t.transaction_id FROM kept_from(clinics) AS k JOIN transactions AS t ON t.clinic_id = k.clinic_id
        WHERE t.booked_on < k.from_day AND {OF_PERSONS.format("t.")}
          AND NOT EXISTS (SELECT FROM credit_parts AS p
                           WHERE p.payment_id = coalesce(t.payment_id, t.transaction_id) AND p.minor > 0)
        LIMIT most) AS chosen;
     UPDATE transactions SET payer_name = NULL, external_reference = NULL, reference_alike = NULL,
            reason = CASE WHEN reason IS NULL THEN NULL ELSE '{ENDED}' END
      WHERE transaction_id = ANY (ids);
     emptied := coalesce(cardinality(ids), 0);

     SELECT array_agg(chosen.payment_id) INTO ids FROM (
       SELECT n.payment_id FROM kept_from(clinics) AS k CROSS JOIN LATERAL (
           SELECT p.payment_id FROM payment_positions AS p WHERE p.clinic_id = k.clinic_id AND p.note IS NOT NULL
            UNION
           SELECT r.payment_id FROM relabelings AS r
            WHERE r.clinic_id = k.clinic_id AND r.changed_on < k.from_day AND {OF_LABELS.format("r.")}) AS n
         JOIN transactions AS t ON t.transaction_id = n.payment_id AND t.booked_on < k.from_day
        WHERE NOT EXISTS (SELECT FROM relabelings AS r WHERE r.payment_id = n.payment_id AND r.changed_on >= k.from_day)
        LIMIT most) AS chosen;
     UPDATE payment_positions SET note = NULL WHERE payment_id = ANY (ids) AND note IS NOT NULL;
     UPDATE relabelings AS r SET note_before = NULL, note_after = NULL, reason = NULL
      WHERE r.payment_id = ANY (ids) AND {OF_LABELS.format("r.")};
     emptied := emptied + coalesce(cardinality(ids), 0);

     SELECT array_agg(chosen.request_id) INTO ids FROM (
       SELECT r.request_id FROM kept_from(clinics) AS k JOIN refund_requests AS r ON r.clinic_id = k.clinic_id
        WHERE r.requested_at < k.from_day AND r.decided_at < k.from_day AND {OF_REQUESTS.format("r.")}
        LIMIT most) AS chosen;
     UPDATE refund_requests SET reason = CASE WHEN reason IS NULL THEN NULL ELSE '{ENDED}' END,
            decision_reason = CASE WHEN decision_reason IS NULL THEN NULL ELSE '{ENDED}' END
      WHERE request_id = ANY (ids);
     RETURN emptied + coalesce(cardinality(ids), 0);
END $$
"""  # noqa: S608 - our own texts
SIGNATURE = "empty_expired_words(uuid[], integer)"
GUARDS = (
    "DROP TRIGGER append_only ON transactions",
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON transactions FOR EACH ROW
      EXECUTE FUNCTION refuse_change_while_kept()
    """,
    "DROP TRIGGER append_only ON relabelings",
    """
    CREATE TRIGGER append_only BEFORE UPDATE ON relabelings FOR EACH ROW
      EXECUTE FUNCTION refuse_all_but_emptying('note_before', 'note_after', 'reason')
    """,
)


def upgrade() -> None:
    build_indexes(op, INDEXES)
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (RETENTION, LEAST_KEPT, REFUSE_CHANGE, *GUARDS, KEPT_FROM, EMPTY_EXPIRED):
        op.execute(statement)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION {SIGNATURE} TO "{working_role(op)}"')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
