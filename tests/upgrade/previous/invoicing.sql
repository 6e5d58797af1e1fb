SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.current_clinics() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT string_to_array(nullif(current_setting('app.clinic_ids', true), ''), ',')::uuid[] $$;
ALTER FUNCTION public.current_clinics() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.empty_expired_words(clinics uuid[], most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DECLARE
     ids     uuid[];
     rows    bigint;
     emptied bigint := 0;
   BEGIN
     SELECT array_agg(chosen.id) INTO ids FROM (
       SELECT i.id FROM kept_from(clinics) AS k JOIN invoices AS i ON i.clinic_id = k.clinic_id
        WHERE i.status <> 'draft' AND NOT i.words_ended AND i.issue_date < k.from_day LIMIT most) AS chosen;
     UPDATE billable_procedures SET revert_reason = NULL, claim = NULL, description = CASE WHEN description IS NULL THEN NULL ELSE 'its years are over' END WHERE invoice_id = ANY (ids);
     UPDATE treatment_plan_items SET description = 'its years are over' WHERE invoice_id = ANY (ids);
     UPDATE invoices SET words_ended = true, note = NULL, payer_name = NULL,
            document_discount_reason = CASE WHEN document_discount_reason IS NULL THEN NULL ELSE 'its years are over' END,
            discounts = without_reasons(discounts), charges = without_reasons(charges)
      WHERE id = ANY (ids);
     UPDATE invoice_lines SET description = 'its years are over', claim = NULL,
            discount_reason = CASE WHEN discount_reason IS NULL THEN NULL ELSE 'its years are over' END, charges = without_reasons(charges)
      WHERE invoice_id = ANY (ids);
     PERFORM rebuild_invoice_words(ids);
     emptied := coalesce(cardinality(ids), 0);
     SELECT array_agg(chosen.id) INTO ids FROM (
       SELECT n.id FROM kept_from(clinics) AS k JOIN notes AS n ON n.clinic_id = k.clinic_id
        WHERE n.issue_date < k.from_day AND n.reason <> 'its years are over' LIMIT most) AS chosen;
     UPDATE note_lines SET description = 'its years are over' WHERE note_id = ANY (ids);
     UPDATE notes SET reason = 'its years are over' WHERE id = ANY (ids);
     emptied := emptied + coalesce(cardinality(ids), 0);
     UPDATE collected_by_month SET description = NULL WHERE ctid = ANY (ARRAY(
       SELECT m.ctid FROM kept_from(clinics) AS k JOIN collected_by_month AS m ON m.clinic_id = k.clinic_id
        WHERE m.month < k.from_day AND m.description IS NOT NULL LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     
     UPDATE settlements SET reason = NULL WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN settlements AS w ON w.clinic_id = k.clinic_id
        WHERE w.occurred_at < k.from_day AND w.reason IS NOT NULL LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE installment_plan_versions SET reason = NULL WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN installment_plan_versions AS w ON w.clinic_id = k.clinic_id
        WHERE w.made_at < k.from_day AND w.reason IS NOT NULL LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE closed_appointments SET payer_name = NULL WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN closed_appointments AS w ON w.clinic_id = k.clinic_id
        WHERE w.closed_at < k.from_day AND w.payer_name IS NOT NULL LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE reviews SET closed_because = 'its years are over' WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN reviews AS w ON w.clinic_id = k.clinic_id
        WHERE w.closed_at < k.from_day AND w.closed_because <> 'its years are over' LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE debit_proposals SET closed_because = 'its years are over' WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN debit_proposals AS w ON w.clinic_id = k.clinic_id
        WHERE w.closed_at < k.from_day AND w.closed_because <> 'its years are over' LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE set_aside_decisions SET closed_because = 'its years are over' WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN set_aside_decisions AS w ON w.clinic_id = k.clinic_id
        WHERE w.closed_at < k.from_day AND w.closed_because <> 'its years are over' LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE credit_requests SET reason = 'its years are over', decision_reason = CASE WHEN decision_reason IS NULL THEN NULL ELSE 'its years are over' END WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN credit_requests AS w ON w.clinic_id = k.clinic_id
        WHERE w.decided_at < k.from_day AND (w.reason <> 'its years are over' OR w.decision_reason <> 'its years are over') LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE billable_procedures SET revert_reason = NULL, claim = NULL, description = CASE WHEN description IS NULL THEN NULL ELSE 'its years are over' END WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN billable_procedures AS w ON w.clinic_id = k.clinic_id
        WHERE w.reverted_at < k.from_day AND w.invoice_id IS NULL AND (num_nonnulls(w.revert_reason, w.claim) > 0 OR w.description <> 'its years are over') LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE treatment_plans SET name = 'its years are over' WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN treatment_plans AS w ON w.clinic_id = k.clinic_id
        WHERE w.accepted_at < k.from_day AND w.name <> 'its years are over' LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     UPDATE invoices SET void_reason = 'its years are over' WHERE ctid = ANY (ARRAY(
       SELECT w.ctid FROM kept_from(clinics) AS k JOIN invoices AS w ON w.clinic_id = k.clinic_id
        WHERE w.voided_on < k.from_day AND w.void_reason <> 'its years are over' LIMIT most));
     GET DIAGNOSTICS rows = ROW_COUNT;
     emptied := emptied + rows;
     RETURN emptied;
END $$;
ALTER FUNCTION public.empty_expired_words(clinics uuid[], most integer) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.joined_name(told text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT regexp_replace(
               told COLLATE "pg_c_utf8",
               '[''`.\u00b4\u00b7\u02b9\u02bb\u02bc\u2010-\u2013\u2018\u2019\u201b\u2032\uff07-]', '', 'g')
$$;
ALTER FUNCTION public.joined_name(told text) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.kept_from(clinics uuid[]) RETURNS TABLE(clinic_id uuid, from_day date)
    LANGUAGE sql STABLE
    AS $$
  SELECT g.clinic_id,
         make_date(extract(year FROM clock_timestamp()
                                     AT TIME ZONE coalesce(c.settings ->> 'time_zone', 'UTC'))::integer
                   - CASE WHEN c.clinic_id IS NULL THEN 30
                          ELSE coalesce((c.settings ->> 'retention_years')::integer, 10) END, 1, 1)
    FROM unnest(clinics) AS g (clinic_id) LEFT JOIN clinics AS c ON c.clinic_id = g.clinic_id
$$;
ALTER FUNCTION public.kept_from(clinics uuid[]) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.least_kept() RETURNS date
    LANGUAGE sql STABLE
    AS $$
  SELECT make_date(extract(year FROM (clock_timestamp() AT TIME ZONE 'UTC') + interval '14 hours')::integer - 6, 1, 1)
$$;
ALTER FUNCTION public.least_kept() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.let_words_end() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE
     words text[] := ARRAY['words_ended', 'note', 'payer_name', 'document_discount_reason', 'discounts', 'charges'];
   BEGIN
     IF NEW.words_ended AND OLD.issue_date < least_kept()
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
        AND to_jsonb(OLD) - words = to_jsonb(NEW) - words
     THEN
       RETURN NEW;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.let_words_end() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.name_word(word text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT regexp_replace(word, '([a-z])0+([0-9])', '\1\2', 'g') COLLATE "C"
$$;
ALTER FUNCTION public.name_word(word text) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.name_words(given text, family text, chart text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    WITH forms AS (
        SELECT concat_ws(' ', given, family, chart) AS form
         UNION SELECT joined_name(concat_ws(' ', given, family, chart))
         UNION SELECT regexp_replace(joined_name(given), '\s+', '', 'g')
         UNION SELECT regexp_replace(joined_name(family), '\s+', '', 'g')
         UNION SELECT regexp_replace(joined_name(chart), '\s+', '', 'g')
         UNION SELECT regexp_replace(concat_ws(' ', given, family) COLLATE "pg_c_utf8",
                                     '([[:lower:]]|\m[[:upper:]])(?=[[:upper:]][[:lower:]])', '\1 ', 'g')
         UNION SELECT written_out(joined_name(concat_ws(' ', given, family)))),
    words AS (SELECT name_word(w) AS word FROM forms f CROSS JOIN LATERAL search_words(f.form) AS w)
    SELECT word FROM words
     UNION SELECT regexp_replace(word, '^ma?c', '') COLLATE "C" FROM words WHERE word ~ '^ma?c[a-z]{3}'
     UNION SELECT regexp_replace(word, '([aou])e', '\1', 'g') COLLATE "C" FROM words WHERE word ~ '[aou]e'
$$;
ALTER FUNCTION public.name_words(given text, family text, chart text) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.overdue_by_the_plan() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.overdue_after := coalesce(NEW.installment_due_on, NEW.due_date);
    RETURN NEW;
END $$;
ALTER FUNCTION public.overdue_by_the_plan() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.rebuild_invoice_words(invoices_changed uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
END $$;
ALTER FUNCTION public.rebuild_invoice_words(invoices_changed uuid[]) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.records_of(uuid, uuid) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT survivor_of($1, $2) || ARRAY(
        SELECT m.record_id FROM merged_records AS m
         WHERE m.clinic_id = $1 AND m.survivor_id = survivor_of($1, $2) AND m.record_id <> m.survivor_id
         ORDER BY m.record_id)
$_$;
ALTER FUNCTION public.records_of(uuid, uuid) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.refuse_all_but_ending() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE
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
                           WHERE coalesce(to_jsonb(NEW) ->> name, 'its years are over') <> 'its years are over')
       THEN
         RETURN NEW;
       END IF;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.refuse_all_but_ending() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.refuse_change() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.search_words(told text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT DISTINCT left(regexp_replace(word, '^0+(?=[0-9]+$)', ''), 40) COLLATE "C"
      FROM regexp_split_to_table(
               replace(replace(replace(replace(
                   translate(
                       regexp_replace(normalize(lower(told COLLATE "pg_c_utf8"), NFKD), '[\u0300-\u036f]', '', 'g'),
                       'łøđðħŧı', 'loddhti'),
                   'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
               '[^[:alnum:]]+') AS word
     WHERE word <> ''
$_$;
ALTER FUNCTION public.search_words(told text) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.survivor_of(uuid, uuid) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT coalesce((SELECT m.survivor_id FROM merged_records AS m WHERE m.clinic_id = $1 AND m.record_id = $2), $2)
$_$;
ALTER FUNCTION public.survivor_of(uuid, uuid) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.without_reasons(told jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
  SELECT CASE WHEN told IS NULL THEN NULL ELSE (
      SELECT jsonb_agg(CASE WHEN one ? 'charge' THEN jsonb_set(one, '{charge,reason}', '"its years are over"')
                            ELSE jsonb_set(one, '{reason}', '"its years are over"') END ORDER BY place)
        FROM jsonb_array_elements(told) WITH ORDINALITY AS each (one, place)) END
$$;
ALTER FUNCTION public.without_reasons(told jsonb) OWNER TO test_invoicing_owner;
CREATE FUNCTION public.words_of_added_lines() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO invoice_words (clinic_id, invoice_id, word)
    SELECT told.clinic_id, told.invoice_id, w
      FROM (SELECT clinic_id, invoice_id, string_agg(concat_ws(' ', description, code, sku), ' ') AS words
              FROM added GROUP BY clinic_id, invoice_id) told
      CROSS JOIN LATERAL search_words(told.words) AS w
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
ALTER FUNCTION public.words_of_added_lines() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.words_of_deleted_invoice() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM invoice_words WHERE invoice_id = OLD.id;
    RETURN NULL;
END $$;
ALTER FUNCTION public.words_of_deleted_invoice() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.words_of_invoice() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.note IS DISTINCT FROM NEW.note THEN
        PERFORM rebuild_invoice_words(ARRAY[NEW.id]);
    ELSE
        INSERT INTO invoice_words (clinic_id, invoice_id, word)
        SELECT NEW.clinic_id, NEW.id, w FROM search_words(concat_ws(' ', NEW.number, NEW.note)) AS w
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION public.words_of_invoice() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.words_of_note() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO invoice_words (clinic_id, invoice_id, word)
    SELECT NEW.clinic_id, NEW.invoice_id, w FROM search_words(NEW.number) AS w ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
ALTER FUNCTION public.words_of_note() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.words_of_patient() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM patient_words WHERE clinic_id = NEW.clinic_id AND patient_id = NEW.patient_id;
    INSERT INTO patient_words (clinic_id, patient_id, word)
    SELECT NEW.clinic_id, NEW.patient_id, w
      FROM name_words(NEW.given_name, NEW.family_name, NEW.chart_number) AS w;
    RETURN NULL;
END $$;
ALTER FUNCTION public.words_of_patient() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.words_of_taken_lines() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM rebuild_invoice_words(array_agg(DISTINCT invoice_id)) FROM taken HAVING count(*) > 0;
    RETURN NULL;
END $$;
ALTER FUNCTION public.words_of_taken_lines() OWNER TO test_invoicing_owner;
CREATE FUNCTION public.written_out(told text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT replace(replace(replace(replace(replace(lower(normalize(told, NFC) COLLATE "pg_c_utf8"),
               'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa')
$$;
ALTER FUNCTION public.written_out(told text) OWNER TO test_invoicing_owner;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE public.alembic_version OWNER TO test_invoicing_owner;
CREATE TABLE public.billable_procedures (
    procedure_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    sequence bigint NOT NULL,
    completed_at timestamp with time zone,
    reverted_at timestamp with time zone,
    reverted_sequence bigint,
    revert_reason text,
    appointment_id uuid,
    provider_id uuid,
    provider_name text,
    code_system text,
    code text,
    description text,
    tooth text,
    surface text,
    date_of_service date,
    fee_minor bigint,
    fee_currency text,
    treatment_plan_id uuid,
    treatment_plan_item_id uuid,
    invoice_id uuid,
    invoiced_ahead boolean DEFAULT false NOT NULL,
    claim jsonb
)
WITH (fillfactor='85');
ALTER TABLE ONLY public.billable_procedures FORCE ROW LEVEL SECURITY;
ALTER TABLE public.billable_procedures OWNER TO test_invoicing_owner;
CREATE TABLE public.clinic_directory (
    clinic_id uuid NOT NULL
);
ALTER TABLE public.clinic_directory OWNER TO test_invoicing_owner;
CREATE TABLE public.clinic_versions (
    clinic_id uuid NOT NULL,
    version integer NOT NULL,
    settings jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    reason text
);
ALTER TABLE ONLY public.clinic_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.clinic_versions OWNER TO test_invoicing_owner;
CREATE TABLE public.clinics (
    clinic_id uuid NOT NULL,
    version integer NOT NULL,
    settings jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL
);
ALTER TABLE ONLY public.clinics FORCE ROW LEVEL SECURITY;
ALTER TABLE public.clinics OWNER TO test_invoicing_owner;
CREATE TABLE public.closed_appointments (
    clinic_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    payer_id uuid,
    payer_name text,
    closed_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.closed_appointments FORCE ROW LEVEL SECURITY;
ALTER TABLE public.closed_appointments OWNER TO test_invoicing_owner;
CREATE TABLE public.collected_by_month (
    clinic_id uuid NOT NULL,
    month date NOT NULL,
    provider_id uuid,
    provider_name text,
    kind text NOT NULL,
    code_system text,
    code text,
    description text,
    collected_minor bigint NOT NULL
);
ALTER TABLE ONLY public.collected_by_month FORCE ROW LEVEL SECURITY;
ALTER TABLE public.collected_by_month OWNER TO test_invoicing_owner;
CREATE TABLE public.collected_months (
    clinic_id uuid NOT NULL,
    month date NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    settlements bigint NOT NULL,
    notes bigint NOT NULL,
    CONSTRAINT collected_months_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);
ALTER TABLE ONLY public.collected_months FORCE ROW LEVEL SECURITY;
ALTER TABLE public.collected_months OWNER TO test_invoicing_owner;
CREATE TABLE public.credit_requests (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL,
    wanted jsonb NOT NULL,
    total_minor bigint NOT NULL,
    limit_minor bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    decision_reason text,
    note_id uuid,
    CONSTRAINT completed_by_its_note CHECK (
CASE kind
    WHEN 'void'::text THEN (note_id IS NULL)
    ELSE ((state = 'completed'::text) = (note_id IS NOT NULL))
END),
    CONSTRAINT credit_requests_check CHECK (((state = 'requested'::text) = (decided_by IS NULL))),
    CONSTRAINT credit_requests_limit_minor_check CHECK ((limit_minor >= 0)),
    CONSTRAINT credit_requests_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'completed'::text, 'rejected'::text, 'withdrawn'::text]))),
    CONSTRAINT credit_requests_total_minor_check CHECK ((total_minor > 0)),
    CONSTRAINT two_persons CHECK (((state <> ALL (ARRAY['completed'::text, 'rejected'::text])) OR (lower(btrim(decided_by)) <> lower(btrim(requested_by)))))
);
ALTER TABLE ONLY public.credit_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE public.credit_requests OWNER TO test_invoicing_owner;
CREATE TABLE public.currencies_in_use (
    clinic_id uuid NOT NULL,
    currency text NOT NULL
);
ALTER TABLE ONLY public.currencies_in_use FORCE ROW LEVEL SECURITY;
ALTER TABLE public.currencies_in_use OWNER TO test_invoicing_owner;
CREATE TABLE public.dead_letters (
    id bigint NOT NULL,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    clinic_id uuid,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    "time" timestamp with time zone NOT NULL,
    data bytea NOT NULL,
    traceparent text,
    tracestate text,
    state text NOT NULL,
    reason text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    set_aside_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by text,
    resolved_because text,
    CONSTRAINT dead_letters_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'dead'::text, 'handled'::text, 'dismissed'::text])))
);
ALTER TABLE ONLY public.dead_letters FORCE ROW LEVEL SECURITY;
ALTER TABLE public.dead_letters OWNER TO test_invoicing_owner;
ALTER TABLE public.dead_letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.debit_proposals (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    invoice_id uuid,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    closed_by text,
    closed_because text,
    note_id uuid,
    CONSTRAINT debit_proposals_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT debit_proposals_check CHECK (((state = 'open'::text) = (closed_by IS NULL))),
    CONSTRAINT debit_proposals_check1 CHECK (((state = 'debited'::text) = (note_id IS NOT NULL))),
    CONSTRAINT debit_proposals_state_check CHECK ((state = ANY (ARRAY['open'::text, 'debited'::text, 'dismissed'::text])))
);
ALTER TABLE ONLY public.debit_proposals FORCE ROW LEVEL SECURITY;
ALTER TABLE public.debit_proposals OWNER TO test_invoicing_owner;
CREATE TABLE public.decision_adjustments (
    clinic_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    "position" integer NOT NULL,
    ordinal integer NOT NULL,
    adjustment_group text NOT NULL,
    reason_code text NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT decision_adjustments_adjustment_group_check CHECK ((adjustment_group = ANY (ARRAY['CO'::text, 'PR'::text, 'OA'::text, 'PI'::text])))
);
ALTER TABLE ONLY public.decision_adjustments FORCE ROW LEVEL SECURITY;
ALTER TABLE public.decision_adjustments OWNER TO test_invoicing_owner;
CREATE TABLE public.decision_lines (
    clinic_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    "position" integer NOT NULL,
    invoice_id uuid NOT NULL,
    invoice_line_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    payer_name text NOT NULL,
    payer_sequence text NOT NULL,
    charge_minor bigint NOT NULL,
    allowed_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    contractual_minor bigint NOT NULL,
    patient_minor bigint NOT NULL,
    other_minor bigint NOT NULL,
    CONSTRAINT decision_lines_check CHECK ((charge_minor = (((paid_minor + contractual_minor) + patient_minor) + other_minor)))
);
ALTER TABLE ONLY public.decision_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE public.decision_lines OWNER TO test_invoicing_owner;
CREATE TABLE public.decisions (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    payer_name text NOT NULL,
    payer_sequence text NOT NULL,
    remittance_id uuid,
    remittance_reference text,
    charge_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    contractual_minor bigint NOT NULL,
    patient_minor bigint NOT NULL,
    other_minor bigint NOT NULL,
    written_off_minor bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT decisions_check CHECK ((charge_minor = (((paid_minor + contractual_minor) + patient_minor) + other_minor))),
    CONSTRAINT decisions_payer_sequence_check CHECK ((payer_sequence = ANY (ARRAY['primary'::text, 'secondary'::text, 'tertiary'::text])))
);
ALTER TABLE ONLY public.decisions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.decisions OWNER TO test_invoicing_owner;
CREATE TABLE public.due_announcements (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    step text NOT NULL,
    said_at timestamp with time zone NOT NULL,
    due_date date NOT NULL,
    unpaid_minor bigint NOT NULL,
    plan_id uuid,
    installment_id uuid,
    "position" integer,
    CONSTRAINT due_announcements_check CHECK ((num_nulls(plan_id, installment_id, "position") = ANY (ARRAY[0, 3]))),
    CONSTRAINT due_announcements_check1 CHECK (((installment_id IS NOT NULL) OR (step = 'overdue'::text))),
    CONSTRAINT due_announcements_step_check CHECK ((step = ANY (ARRAY['due_soon'::text, 'due'::text, 'overdue'::text]))),
    CONSTRAINT due_announcements_unpaid_minor_check CHECK ((unpaid_minor > 0))
);
ALTER TABLE ONLY public.due_announcements FORCE ROW LEVEL SECURITY;
ALTER TABLE public.due_announcements OWNER TO test_invoicing_owner;
CREATE TABLE public.forgotten_keys (
    clinic_id uuid NOT NULL,
    key text NOT NULL,
    forgotten_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY public.forgotten_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE public.forgotten_keys OWNER TO test_invoicing_owner;
CREATE TABLE public.idempotency_keys (
    clinic_id uuid NOT NULL,
    key text NOT NULL,
    method_path text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys OWNER TO test_invoicing_owner;
CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id text NOT NULL,
    handled_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE public.inbox OWNER TO test_invoicing_owner;
CREATE TABLE public.installment_dues (
    installment_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    due_date date NOT NULL,
    step smallint DEFAULT 1 NOT NULL,
    due_soon_on date,
    due_on date,
    overdue_on date,
    unpaid_minor bigint,
    CONSTRAINT installment_dues_step_check CHECK (((step >= 1) AND (step <= 4))),
    CONSTRAINT installment_dues_unpaid_minor_check CHECK ((unpaid_minor >= 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.installment_dues FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installment_dues OWNER TO test_invoicing_owner;
CREATE TABLE public.installment_plan_versions (
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    clinic_id uuid NOT NULL,
    cause text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    reason text,
    invoice_version integer NOT NULL,
    note_id uuid,
    terms jsonb,
    instead_of integer
);
ALTER TABLE ONLY public.installment_plan_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plan_versions OWNER TO test_invoicing_owner;
CREATE TABLE public.installment_plans (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    currency text NOT NULL,
    agreed_on date NOT NULL,
    version integer NOT NULL,
    ended boolean DEFAULT false NOT NULL,
    recorded_on date,
    included_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT installment_plans_included_minor_check CHECK ((included_minor >= 0)),
    CONSTRAINT installment_plans_version_check CHECK ((version >= 1))
)
WITH (fillfactor='90');
ALTER TABLE ONLY public.installment_plans FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plans OWNER TO test_invoicing_owner;
CREATE TABLE public.installments (
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    clinic_id uuid NOT NULL,
    installment_id uuid NOT NULL,
    kind text NOT NULL,
    due_date date NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT installments_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT installments_kind_check CHECK ((kind = ANY (ARRAY['down_payment'::text, 'installment'::text]))),
    CONSTRAINT installments_position_check CHECK (("position" >= 1))
);
ALTER TABLE ONLY public.installments FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installments OWNER TO test_invoicing_owner;
CREATE TABLE public.invoice_lines (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    description text NOT NULL,
    quantity numeric(13,4) NOT NULL,
    unit_price_minor bigint NOT NULL,
    tax_code text NOT NULL,
    tax_category text NOT NULL,
    tax_rate numeric(7,4) NOT NULL,
    exemption_reason text,
    code_system text,
    code text,
    sku text,
    discount_percent numeric(7,4),
    discount_minor bigint,
    discount_reason text,
    discount_author text,
    procedure_id uuid,
    date_of_service date,
    provider_id uuid,
    provider_name text,
    tooth text,
    surface text,
    treatment_plan_id uuid,
    treatment_plan_item_id uuid,
    amount_minor bigint,
    own_discount_minor bigint,
    document_discount_minor bigint,
    net_minor bigint,
    estimates jsonb,
    price_from text DEFAULT 'typed'::text NOT NULL,
    tax_typed boolean DEFAULT true NOT NULL,
    unit_price_fraction numeric(7,6) DEFAULT 0 NOT NULL,
    base_quantity numeric(13,4) DEFAULT 1 NOT NULL,
    charges jsonb,
    charge_minor bigint,
    claim jsonb,
    CONSTRAINT invoice_lines_base_quantity_check CHECK ((base_quantity > (0)::numeric)),
    CONSTRAINT invoice_lines_kind_check CHECK ((kind = ANY (ARRAY['procedure'::text, 'extra_procedure'::text, 'product'::text, 'custom'::text]))),
    CONSTRAINT invoice_lines_price_from_check CHECK ((price_from = ANY (ARRAY['typed'::text, 'fee'::text, 'list'::text, 'missing'::text, 'foreign_fee'::text]))),
    CONSTRAINT invoice_lines_unit_price_fraction_check CHECK (((unit_price_fraction >= (0)::numeric) AND (unit_price_fraction < (1)::numeric))),
    CONSTRAINT invoice_lines_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
ALTER TABLE ONLY public.invoice_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_lines OWNER TO test_invoicing_owner;
CREATE TABLE public.invoice_words (
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    word text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.invoice_words FORCE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_words OWNER TO test_invoicing_owner;
CREATE TABLE public.invoices (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    appointment_id uuid,
    origin text NOT NULL,
    status text NOT NULL,
    version integer NOT NULL,
    next_position integer NOT NULL,
    currency text NOT NULL,
    prices_include_tax boolean NOT NULL,
    cash_rounding_to integer NOT NULL,
    rounding_policy text NOT NULL,
    rounding_version integer NOT NULL,
    document_discount_percent numeric(7,4),
    document_discount_minor bigint,
    document_discount_reason text,
    document_discount_author text,
    note text,
    asked_due_date date,
    payer_id uuid,
    payer_name text,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    number text,
    series_number bigint,
    issue_date date,
    due_date date,
    issued_at timestamp with time zone,
    issued_by text,
    voided_on date,
    voided_by text,
    void_reason text,
    net_minor bigint,
    discount_minor bigint,
    tax_minor bigint,
    cash_rounding_minor bigint,
    total_minor bigint,
    taxes jsonb,
    debited_minor bigint DEFAULT 0 NOT NULL,
    credited_minor bigint DEFAULT 0 NOT NULL,
    settled_minor bigint DEFAULT 0 NOT NULL,
    voided_at timestamp with time zone,
    installment_plan_id uuid,
    overdue_announced_on date,
    forgiven_minor bigint DEFAULT 0 NOT NULL,
    contractual_minor bigint DEFAULT 0 NOT NULL,
    installment_due_on date,
    overdue_after date,
    looked_at timestamp with time zone,
    price_list_id uuid,
    membership text,
    document_discount_tax_code text,
    discounts jsonb,
    charges jsonb,
    bad_debt_minor bigint DEFAULT 0 NOT NULL,
    recovered_minor bigint DEFAULT 0 NOT NULL,
    words_ended boolean DEFAULT false NOT NULL,
    CONSTRAINT invoices_bad_debt_minor_check CHECK ((bad_debt_minor >= 0)),
    CONSTRAINT invoices_check CHECK (((status = 'draft'::text) = (number IS NULL))),
    CONSTRAINT invoices_check1 CHECK (((status = 'draft'::text) OR ((series_number IS NOT NULL) AND (issue_date IS NOT NULL) AND (due_date IS NOT NULL) AND (total_minor = ((net_minor + tax_minor) + cash_rounding_minor))))),
    CONSTRAINT invoices_check2 CHECK (((document_discount_percent IS NULL) OR (document_discount_minor IS NULL))),
    CONSTRAINT invoices_origin_check CHECK ((origin = ANY (ARRAY['desk'::text, 'appointment'::text, 'procedure'::text]))),
    CONSTRAINT invoices_recovered_minor_check CHECK ((recovered_minor >= 0)),
    CONSTRAINT invoices_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'issued'::text, 'void'::text]))),
    CONSTRAINT invoices_total_minor_check CHECK ((total_minor >= 0))
)
WITH (fillfactor='85');
ALTER TABLE ONLY public.invoices FORCE ROW LEVEL SECURITY;
ALTER TABLE public.invoices OWNER TO test_invoicing_owner;
CREATE TABLE public.merged_records (
    clinic_id uuid NOT NULL,
    record_id uuid NOT NULL,
    into_id uuid NOT NULL,
    said_at timestamp with time zone NOT NULL,
    survivor_id uuid NOT NULL
);
ALTER TABLE ONLY public.merged_records FORCE ROW LEVEL SECURITY;
ALTER TABLE public.merged_records OWNER TO test_invoicing_owner;
CREATE TABLE public.note_lines (
    clinic_id uuid NOT NULL,
    note_id uuid NOT NULL,
    "position" integer NOT NULL,
    invoice_line_id uuid,
    description text NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    tax_category text NOT NULL,
    tax_rate numeric(7,4) NOT NULL,
    exemption_reason text,
    debit_note_id uuid
);
ALTER TABLE ONLY public.note_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE public.note_lines OWNER TO test_invoicing_owner;
CREATE TABLE public.notes (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    side text NOT NULL,
    kind text NOT NULL,
    number text NOT NULL,
    series_number bigint NOT NULL,
    issue_date date NOT NULL,
    reason text NOT NULL,
    author text NOT NULL,
    refund_id uuid,
    undoes_id uuid,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    cash_rounding_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decision_id uuid,
    CONSTRAINT notes_check CHECK ((total_minor = ((net_minor + tax_minor) + cash_rounding_minor))),
    CONSTRAINT notes_side_check CHECK ((side = ANY (ARRAY['credit'::text, 'debit'::text])))
);
ALTER TABLE ONLY public.notes FORCE ROW LEVEL SECURITY;
ALTER TABLE public.notes OWNER TO test_invoicing_owner;
CREATE TABLE public.number_series (
    clinic_id uuid NOT NULL,
    series text NOT NULL,
    last_number bigint NOT NULL,
    last_date date NOT NULL
);
ALTER TABLE ONLY public.number_series FORCE ROW LEVEL SECURITY;
ALTER TABLE public.number_series OWNER TO test_invoicing_owner;
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    subject uuid NOT NULL,
    clinic_id uuid NOT NULL,
    sequence bigint NOT NULL,
    "time" timestamp with time zone NOT NULL,
    data bytea NOT NULL,
    traceparent text,
    tracestate text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    published_at timestamp with time zone
);
ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;
ALTER TABLE public.outbox OWNER TO test_invoicing_owner;
ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.patient_words (
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    word text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE ONLY public.patient_words FORCE ROW LEVEL SECURITY;
ALTER TABLE public.patient_words OWNER TO test_invoicing_owner;
CREATE TABLE public.patients (
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version bigint NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    birth_date date,
    chart_number text,
    gender text,
    coverages jsonb,
    address jsonb,
    forgotten_at timestamp with time zone
);
ALTER TABLE ONLY public.patients FORCE ROW LEVEL SECURITY;
ALTER TABLE public.patients OWNER TO test_invoicing_owner;
CREATE TABLE public.payer_identities (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    stated_payer_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    said_by text NOT NULL,
    said_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.payer_identities FORCE ROW LEVEL SECURITY;
ALTER TABLE public.payer_identities OWNER TO test_invoicing_owner;
CREATE TABLE public.price_list_entries (
    clinic_id uuid NOT NULL,
    price_list_id uuid NOT NULL,
    version integer NOT NULL,
    code_system text NOT NULL,
    code text NOT NULL,
    valid_from date,
    description text,
    unit_price_minor bigint,
    tax_code text,
    allowed_minor bigint,
    covered_percent numeric(7,4),
    removed boolean NOT NULL,
    unit_price_fraction numeric(7,6) DEFAULT 0 NOT NULL,
    allowed_fraction numeric(7,6) DEFAULT 0 NOT NULL,
    base_quantity numeric(13,4) DEFAULT 1 NOT NULL,
    CONSTRAINT price_list_entries_allowed_fraction_check CHECK (((allowed_fraction >= (0)::numeric) AND (allowed_fraction < (1)::numeric))),
    CONSTRAINT price_list_entries_allowed_minor_check CHECK ((allowed_minor >= 0)),
    CONSTRAINT price_list_entries_base_quantity_check CHECK ((base_quantity > (0)::numeric)),
    CONSTRAINT price_list_entries_covered_percent_check CHECK (((covered_percent >= (0)::numeric) AND (covered_percent <= (100)::numeric))),
    CONSTRAINT price_list_entries_unit_price_fraction_check CHECK (((unit_price_fraction >= (0)::numeric) AND (unit_price_fraction < (1)::numeric))),
    CONSTRAINT price_list_entries_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
ALTER TABLE ONLY public.price_list_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE public.price_list_entries OWNER TO test_invoicing_owner;
CREATE TABLE public.price_list_versions (
    clinic_id uuid NOT NULL,
    price_list_id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    payer_id uuid,
    membership text,
    is_default boolean NOT NULL,
    archived boolean NOT NULL,
    entries integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT price_list_versions_reason_check CHECK ((reason ~ '\S'::text))
);
ALTER TABLE ONLY public.price_list_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.price_list_versions OWNER TO test_invoicing_owner;
CREATE TABLE public.price_lists (
    clinic_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    payer_id uuid,
    membership text,
    is_default boolean NOT NULL,
    archived boolean NOT NULL
);
ALTER TABLE ONLY public.price_lists FORCE ROW LEVEL SECURITY;
ALTER TABLE public.price_lists OWNER TO test_invoicing_owner;
CREATE TABLE public.reviews (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    procedure_id uuid,
    cause text NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    closed_by text,
    closed_because text,
    CONSTRAINT reviews_cause_check CHECK ((cause = ANY (ARRAY['procedure_reverted'::text, 'price_missing'::text, 'fee_in_other_currency'::text, 'prices_changed'::text, 'write_off_capped'::text, 'decided_beyond_fee'::text, 'decided_after_void'::text])))
);
ALTER TABLE ONLY public.reviews FORCE ROW LEVEL SECURITY;
ALTER TABLE public.reviews OWNER TO test_invoicing_owner;
CREATE TABLE public.set_aside_decisions (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    payer_name text NOT NULL,
    remittance_id uuid,
    cause text NOT NULL,
    detail text NOT NULL,
    document jsonb NOT NULL,
    state text NOT NULL,
    set_aside_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    closed_by text,
    closed_because text,
    CONSTRAINT set_aside_decisions_check CHECK (((state = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT set_aside_decisions_state_check CHECK ((state = ANY (ARRAY['open'::text, 'applied'::text, 'dismissed'::text])))
);
ALTER TABLE ONLY public.set_aside_decisions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.set_aside_decisions OWNER TO test_invoicing_owner;
CREATE TABLE public.settlements (
    event_id text NOT NULL,
    ordinal integer NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    kind text NOT NULL,
    change_minor bigint NOT NULL,
    credited_minor bigint NOT NULL,
    installment_id uuid,
    method text,
    payer_kind text,
    booked_on date,
    occurred_at timestamp with time zone NOT NULL,
    refund_id uuid,
    by_subject text,
    reason text,
    invoice_version integer,
    payer_id uuid,
    decided_minor bigint,
    place bigint,
    settled_with_refunds_minor bigint
);
ALTER TABLE ONLY public.settlements FORCE ROW LEVEL SECURITY;
ALTER TABLE public.settlements OWNER TO test_invoicing_owner;
CREATE TABLE public.treatment_plan_items (
    clinic_id uuid NOT NULL,
    item_id uuid NOT NULL,
    treatment_plan_id uuid NOT NULL,
    "position" integer NOT NULL,
    code_system text NOT NULL,
    code text NOT NULL,
    description text NOT NULL,
    tooth text,
    surface text,
    fee_minor bigint NOT NULL,
    fee_currency text NOT NULL,
    invoice_id uuid,
    procedure_id uuid
);
ALTER TABLE ONLY public.treatment_plan_items FORCE ROW LEVEL SECURITY;
ALTER TABLE public.treatment_plan_items OWNER TO test_invoicing_owner;
CREATE TABLE public.treatment_plans (
    clinic_id uuid NOT NULL,
    treatment_plan_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    name text NOT NULL,
    sequence bigint NOT NULL,
    accepted_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.treatment_plans FORCE ROW LEVEL SECURITY;
ALTER TABLE public.treatment_plans OWNER TO test_invoicing_owner;
CREATE TABLE public.untold_estimates (
    clinic_id uuid NOT NULL,
    issued_before timestamp with time zone NOT NULL,
    told_until uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL
);
ALTER TABLE ONLY public.untold_estimates FORCE ROW LEVEL SECURITY;
ALTER TABLE public.untold_estimates OWNER TO test_invoicing_owner;
INSERT INTO public.alembic_version (version_num) VALUES
	('20261130_untold_estimates');
INSERT INTO public.billable_procedures (procedure_id, clinic_id, patient_id, sequence, completed_at, reverted_at, reverted_sequence, revert_reason, appointment_id, provider_id, provider_name, code_system, code, description, tooth, surface, date_of_service, fee_minor, fee_currency, treatment_plan_id, treatment_plan_item_id, invoice_id, invoiced_ahead, claim) VALUES
	('019ab7c0-0007-7000-8000-000000000002', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 1, '2026-11-23 15:00:00+00', NULL, NULL, NULL, '019ab7c0-0005-7000-8000-000000000001', '019ab7c0-0003-7000-8000-000000000001', 'Dr. Inés Calderón', 'SNOMED-CT', '1259293006', 'Composite filling, two surfaces', '36', 'MO', '2026-11-20', 21500, 'USD', NULL, NULL, NULL, false, '{"provider_npi": "1987654328", "oral_cavity_area": "30", "place_of_service": "11", "prior_authorization": "PA-55120"}'),
	('019ab7c0-0007-7000-8000-000000000003', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 0, NULL, '2026-11-23 15:00:00+00', 2, 'Entered on the wrong patient', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL);
INSERT INTO public.clinic_directory (clinic_id) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3');
INSERT INTO public.clinic_versions (clinic_id, version, settings, changed_at, changed_by, reason) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '{"npi": null, "name": "A", "email": null, "paper": "A4", "phone": null, "rates": [], "taxes": [["E", "0", "Exempt from tax: medical and dental care", "E"], ["Z", "0", null, "Z"]], "address": null, "currency": "USD", "due_days": 30, "language": "en", "logo_svg": null, "time_zone": "UTC", "auto_issue": false, "drawn_logo": null, "legal_name": null, "price_list": [], "tax_number": null, "product_tax": "Z", "credit_limit": null, "procedure_tax": "E", "billing_policy": "manual", "number_patterns": {"invoice": "INV-{year}-{number:06}", "receipt": "REC-{year}-{number:06}", "debit_note": "DN-{year}-{number:06}", "credit_note": "CN-{year}-{number:06}"}, "retention_years": 10, "cash_rounding_to": 1, "books_closed_until": null, "prices_include_tax": false, "receipt_shows_note": false, "installment_due_soon_days": 3}', '2026-11-23 15:00:00+00', 'clerk:test', NULL);
INSERT INTO public.clinics (clinic_id, version, settings, changed_at, changed_by) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '{"npi": null, "name": "A", "email": null, "paper": "A4", "phone": null, "rates": [], "taxes": [["E", "0", "Exempt from tax: medical and dental care", "E"], ["Z", "0", null, "Z"]], "address": null, "currency": "USD", "due_days": 30, "language": "en", "logo_svg": null, "time_zone": "UTC", "auto_issue": false, "drawn_logo": null, "legal_name": null, "price_list": [], "tax_number": null, "product_tax": "Z", "credit_limit": null, "procedure_tax": "E", "billing_policy": "manual", "number_patterns": {"invoice": "INV-{year}-{number:06}", "receipt": "REC-{year}-{number:06}", "debit_note": "DN-{year}-{number:06}", "credit_note": "CN-{year}-{number:06}"}, "retention_years": 10, "cash_rounding_to": 1, "books_closed_until": null, "prices_include_tax": false, "receipt_shows_note": false, "installment_due_soon_days": 3}', '2026-11-23 15:00:00+00', 'clerk:test');
INSERT INTO public.closed_appointments (clinic_id, appointment_id, patient_id, payer_id, payer_name, closed_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0005-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-0004-7000-8000-000000000001', 'Harbor Dental Mutual', '2026-11-23 15:00:00+00');
INSERT INTO public.currencies_in_use (clinic_id, currency) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD');
INSERT INTO public.dead_letters (id, consumer, topic, partition, "offset", key, event_id, type, clinic_id, subject, sequence, "time", data, traceparent, tracestate, state, reason, attempts, set_aside_at, next_attempt_at, resolved_at, resolved_by, resolved_because) OVERRIDING SYSTEM VALUE VALUES
	(2, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000006', 'billing.credit.applied.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000008', 1, '2026-11-12 10:05:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d31325431303a30353a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303038222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202238302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a2022636865636b222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d31325431303a30353a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3132222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c20226368616e6765223a207b22616d6f756e74223a202238302e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20332c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202238302e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a20222d38302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a202232302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a2022466f7220746865206f6c6420696e766f6963652c206173207368652061736b6564227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:56.544282+00', '2026-11-30 12:10:56.544282+00', NULL, NULL, NULL),
	(3, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-00000000000d', 'billing.allocation.moved.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000003', 2, '2026-11-12 10:07:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d31325431303a30373a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303130222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a2022352e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a2022636865636b222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d31325431303a30373a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3132222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c20226368616e6765223a207b22616d6f756e74223a20222d352e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a2022352e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20342c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202237352e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d2c207b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c20226368616e6765223a207b22616d6f756e74223a2022352e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a202230313961623763302d303031322d373030302d383030302d303030303030303030303031222c20226c696e6573223a205b5d2c2022706c616365223a20352c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202238302e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a202232302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a2022466f722074686520666972737420696e7374616c6c6d656e742c20617320616772656564227d2c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c202272657665727365735f6964223a206e756c6c7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:56.544519+00', '2026-11-30 12:10:56.544519+00', NULL, NULL, NULL),
	(4, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000007', 'billing.credit.transferred.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000009', 1, '2026-11-12 10:09:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d31325431303a30393a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303039222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202232302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a202263617368222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d31325431303a30393a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3132222c2022736574746c656d656e7473223a205b5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a20222d32302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a2022466f722068657220736f6e2c206173207368652061736b6564227d2c2022646972656374696f6e223a20226f7574222c20226f746865725f70617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303032222c20226c696e6b65645f7472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303061222c202272657665727365735f6964223a206e756c6c7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:56.544804+00', '2026-11-30 12:10:56.544804+00', NULL, NULL, NULL),
	(5, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000001', 'billing.payment.recorded.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', 1, '2026-11-20 15:12:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32305431353a31323a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202237302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a202262616e6b5f63617264222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32305431353a31323a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3230222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031222c20226368616e6765223a207b22616d6f756e74223a202236362e3036222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a20223232312e3630222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20312c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202236362e3036222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a2022332e3934222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022332e3934222c202263757272656e6379223a2022555344227d2c20226e6f7465223a20224b65657020746865206368616e676520666f72206e6578742074696d65222c202267726f75705f6964223a202230313961623763302d303030662d373030302d383030302d303030303030303030303031222c202265787465726e616c5f7265666572656e6365223a20225445524d2d30342d313138383237222c2022726561736f6e5f636f6465223a2022696e766f6963655f736574746c656d656e74222c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a206e756c6c7d2c202272656365697665645f6174223a2022323032362d31312d32305431353a31313a30305a222c202274726561746d656e745f706c616e5f6964223a206e756c6c7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.092876+00', '2026-11-30 12:10:57.092876+00', NULL, NULL, NULL),
	(6, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000002', 'billing.payment.refunded.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', 2, '2026-11-23 14:40:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32335431343a34303a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303032222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202231302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a202262616e6b5f63617264222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32335431343a34303a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3233222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031222c20226368616e6765223a207b22616d6f756e74223a20222d362e3036222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022362e3036222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a20223232312e3630222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20322c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202236362e3036222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a20222d332e3934222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a2022676f6f6477696c6c222c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a2022476f6f6477696c6c2061667465722061206c6f6e672077616974227d2c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031222c2022726566756e6465645f736f5f666172223a207b22616d6f756e74223a202231302e3030222c202263757272656e6379223a2022555344227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.146163+00', '2026-11-30 12:10:57.146163+00', NULL, NULL, NULL),
	(7, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000003', 'billing.refund.cancelled.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', 3, '2026-11-23 15:02:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32335431353a30323a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303035222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202231302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a202262616e6b5f63617264222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32335431353a30323a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3233222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031222c20226368616e6765223a207b22616d6f756e74223a2022362e3036222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a20222d362e3036222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a20223232312e3630222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20332c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202236362e3036222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a2022332e3934222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022332e3934222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a20226d616e616765723a30326161222c2022726561736f6e223a2022546865207465726d696e616c20686164206e6f742070616964206974206f7574227d2c2022726566756e645f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303032222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031227d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.197836+00', '2026-11-30 12:10:57.197836+00', NULL, NULL, NULL),
	(8, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000004', 'billing.payment.cancelled.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', 4, '2026-11-23 15:30:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32335431353a33303a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303036222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202237302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a202262616e6b5f63617264222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32335431353a33303a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3233222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031222c20226368616e6765223a207b22616d6f756e74223a20222d36362e3036222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a20223238372e3636222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20342c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a20222d332e3934222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a20226d616e616765723a30326161222c2022726561736f6e223a20225265636f7264656420666f72207468652077726f6e672070617469656e74227d2c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303031227d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.248526+00', '2026-11-30 12:10:57.248526+00', NULL, NULL, NULL),
	(9, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000008', 'billing.allocation.released.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-00000000000b', 1, '2026-11-24 11:31:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32345431313a33313a30305a222c202272656c656173655f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303062222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c20226361757365223a2022696e766f6963655f6372656469746564222c202265786163745f6361757365223a206e756c6c2c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c20226368616e6765223a207b22616d6f756e74223a20222d32302e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20362c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a202232302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a202232302e3030222c202263757272656e6379223a2022555344227d2c20226279223a207b227375626a656374223a2022636f6e73756d65723a7061796d656e7473222c2022726561736f6e223a20224120637265646974206e6f746520746f6f6b2074686520696e766f6963652062656c6f772077686174207761732070616964206f6e206974227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.592491+00', '2026-11-30 12:10:57.592491+00', NULL, NULL, NULL),
	(10, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000005', 'billing.payment.charged_back.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000003', 3, '2026-11-25 09:45:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32355430393a34353a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303037222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202238302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a2022636865636b222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32355430393a34353a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3235222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c20226368616e6765223a207b22616d6f756e74223a20222d36302e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20372c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a20222d32302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a2022436865636b2031303432222c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a202252657475726e6564206279207468652062616e6b3a20696e73756666696369656e742066756e6473227d2c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c2022726566756e6465645f6265666f7265223a206e756c6c7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.641578+00', '2026-11-30 12:10:57.641578+00', NULL, NULL, NULL),
	(11, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000012', 'billing.payment.taken_back.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000011', 2, '2026-11-25 10:05:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32355431303a30353a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303130222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a2022696e7375726572222c202270617965725f6964223a202230313961623763302d303030342d373030302d383030302d303030303030303030303031222c20226e616d65223a2022486172626f722044656e74616c204d757475616c227d2c20226d6574686f64223a2022696e737572616e6365222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32355431303a30353a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3235222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303131222c20226368616e6765223a207b22616d6f756e74223a20222d36302e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a20223132302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a206e756c6c2c2022736574746c65645f776974685f726566756e6473223a206e756c6c2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a202248444d2d32303236313132352d37373435222c2022726561736f6e5f636f6465223a2022696e73757265725f746f6f6b5f6261636b222c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a2022506169642074776963652c20736179732074686520696e7375726572227d2c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303131222c202274616b656e5f6261636b5f736f5f666172223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.641815+00', '2026-11-30 12:10:57.641815+00', NULL, NULL, NULL),
	(12, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000014', 'billing.take_back.cancelled.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000011', 3, '2026-11-25 10:20:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32355431303a32303a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303133222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a2022696e7375726572222c202270617965725f6964223a202230313961623763302d303030342d373030302d383030302d303030303030303030303031222c20226e616d65223a2022486172626f722044656e74616c204d757475616c227d2c20226d6574686f64223a2022696e737572616e6365222c20226d6574686f645f6c6162656c223a206e756c6c2c20227265636f726465645f6174223a2022323032362d31312d32355431303a32303a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3235222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303131222c20226368616e6765223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a202236302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a206e756c6c2c2022736574746c65645f776974685f726566756e6473223a206e756c6c2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a20226d616e616765723a30326161222c2022726561736f6e223a202249742077617320616e6f746865722070617469656e742773207061796d656e74227d2c202274616b655f6261636b5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303130222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303131222c202274616b656e5f6261636b5f736f5f666172223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:57.64203+00', '2026-11-30 12:10:57.64203+00', NULL, NULL, NULL),
	(1, 'invoicing', 'billing.payments.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-00000000000c', 'billing.credit.application_cancelled.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-00000000000f', 1, '2026-11-02 09:40:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d30325430393a34303a30305a222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303066222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022616d6f756e74223a207b22616d6f756e74223a202231352e3030222c202263757272656e6379223a2022555344227d2c20227061796572223a207b226b696e64223a202270617469656e74222c202270617965725f6964223a206e756c6c2c20226e616d65223a206e756c6c7d2c20226d6574686f64223a20226f74686572222c20226d6574686f645f6c6162656c223a202270617469656e7420637265646974222c20227265636f726465645f6174223a2022323032362d31312d30325430393a34303a30305a222c2022626f6f6b65645f6f6e223a2022323032362d31312d3032222c2022736574746c656d656e7473223a205b7b22696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c20227061796d656e745f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303033222c20226368616e6765223a207b22616d6f756e74223a20222d31352e3030222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a202238302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e745f6964223a206e756c6c2c20226c696e6573223a205b5d2c2022706c616365223a20322c2022736574746c65645f776974685f726566756e6473223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226e616d6564223a206e756c6c7d5d2c202270617469656e745f6372656469745f6368616e6765223a207b22616d6f756e74223a202231352e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f6372656469745f62616c616e6365223a207b22616d6f756e74223a20223130302e3030222c202263757272656e6379223a2022555344227d2c20226e6f7465223a206e756c6c2c202267726f75705f6964223a206e756c6c2c202265787465726e616c5f7265666572656e6365223a206e756c6c2c2022726561736f6e5f636f6465223a206e756c6c2c20226279223a207b227375626a656374223a20226d616e616765723a30326161222c2022726561736f6e223a2022536865206861642061736b656420746f206b65657020697420756e74696c207468652066696c6c696e67227d2c20226170706c69636174696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303065227d', NULL, NULL, 'waiting', 'unknown invoices 019ab7c0-0008-7000-8000-000000000003', 7, '2026-11-30 12:10:56.23402+00', '2026-11-30 12:11:31.1095+00', NULL, NULL, NULL);
INSERT INTO public.decision_adjustments (clinic_id, decision_id, "position", ordinal, adjustment_group, reason_code, amount_minor) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d089e08572e2', 1, 1, 'CO', '45', 2500),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d089e08572e2', 1, 2, 'PR', '2', 1500),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d08baf8efb66', 1, 1, 'CO', '45', 2500),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d08baf8efb66', 1, 2, 'PR', '2', 1500);
INSERT INTO public.decision_lines (clinic_id, decision_id, "position", invoice_id, invoice_line_id, payer_id, payer_name, payer_sequence, charge_minor, allowed_minor, paid_minor, contractual_minor, patient_minor, other_minor) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d089e08572e2', 1, '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-a1dc-771d-ae91-31ae8f9843c2', '01a22c5d-9ffb-7443-afbe-7bd84affb7f1', 'Delta', 'primary', 10000, 7500, 6000, 2500, 1500, 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d08baf8efb66', 1, '01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-a389-74d4-b468-86e3f493dc1e', '01a22c5d-9ffb-7443-afbe-7bd84affb7f1', 'Delta', 'primary', 10000, 7500, 6000, 2500, 1500, 0);
INSERT INTO public.decisions (id, clinic_id, decision_id, claim_id, invoice_id, patient_id, payer_id, payer_name, payer_sequence, remittance_id, remittance_reference, charge_minor, paid_minor, contractual_minor, patient_minor, other_minor, written_off_minor, decided_at, applied_at) VALUES
	('01a22c5d-a796-7328-8ef6-f285c495c830', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d089e08572e2', '01a22c5d-a6e6-72b5-869f-d08897cad52d', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-9ffb-7443-afbe-7bd84affb7f1', 'Delta', 'primary', NULL, NULL, 10000, 6000, 2500, 1500, 0, 2500, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00'),
	('01a22c5d-a796-7328-8ef6-f286c37c6187', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a6e6-72b5-869f-d08baf8efb66', '01a22c5d-a6e6-72b5-869f-d08ad45352cf', '01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-a361-7739-9eb5-eb524ad677e9', '01a22c5d-9ffb-7443-afbe-7bd84affb7f1', 'Delta', 'primary', NULL, NULL, 10000, 6000, 2500, 1500, 0, 2500, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00');
INSERT INTO public.forgotten_keys (clinic_id, key, forgotten_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000002', '2026-11-30 12:10:57.704521+00');
INSERT INTO public.idempotency_keys (clinic_id, key, method_path, fingerprint, status, headers, body, created_at) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-a18f-75d8-aac1-8c64eecc4ee8', 'POST /v1/invoices', '\xfba03857a1cd4e3db111ddac3cad46f3735dc15b3d3e2278b47909fd9aa34c6f', 201, '{"etag": "\"2\"", "location": "/v1/invoices/01a22c5d-a1dc-771d-ae91-31ad96cedc10", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c226e756d626572223a22494e562d323032362d303030303031222c22737461747573223a22697373756564222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a322c22636f6e6669726d6174696f6e223a6e756c6c2c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d613164632d373731642d616539312d333161653866393834336332222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a2243726f776e222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a22323032362d31312d32335431353a30303a30305a222c226973737565645f6279223a22636c65726b3a74657374222c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:03.866243+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-a365-7023-832f-f3ff793f56bf', 'POST /v1/invoices', '\xe23654d0597641584e71e87c0c40a92135a0ed8c8c68181ded418f2968f03162', 201, '{"etag": "\"2\"", "location": "/v1/invoices/01a22c5d-a389-74d4-b468-86e234251a34", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d613338392d373464342d623436382d383665323334323531613334222c226e756d626572223a22494e562d323032362d303030303032222c22737461747573223a22697373756564222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613336312d373733392d396562352d656235323461643637376539222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a322c22636f6e6669726d6174696f6e223a6e756c6c2c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d613338392d373464342d623436382d383665336634393364633165222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a2243726f776e222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a22323032362d31312d32335431353a30303a30305a222c226973737565645f6279223a22636c65726b3a74657374222c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:03.968382+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-a3c1-7336-8a99-fea842619346', 'POST /v1/invoices', '\xf81a3960e2dd74b5763565ec21e7e09b1a08f9a6241a8ca3e9a4d87618612bad', 201, '{"etag": "\"2\"", "location": "/v1/invoices/01a22c5d-a3e5-7118-a9cb-9810c25d5db7", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c226e756d626572223a22494e562d323032362d303030303033222c22737461747573223a22697373756564222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a322c22636f6e6669726d6174696f6e223a6e756c6c2c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d613365362d373133652d383236652d363763663137366238396265222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a2243726f776e222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a22323032362d31312d32335431353a30303a30305a222c226973737565645f6279223a22636c65726b3a74657374222c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:04.077958+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-a41f-77c6-ade1-b846aa012bf1', 'POST /v1/invoices', '\xc496a6bc111f3604f57c324736beaa5a5f5c89bd39af2f7a3a866f5857bd5bd4', 201, '{"etag": "\"2\"", "location": "/v1/invoices/01a22c5d-a447-77e4-8b35-f2b46c71ec8e", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d613434372d373765342d386233352d663262343663373165633865222c226e756d626572223a22494e562d323032362d303030303034222c22737461747573223a22697373756564222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613431662d373763362d616465312d623834353633353535633435222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a322c22636f6e6669726d6174696f6e223a6e756c6c2c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d613434372d373765342d386233352d663262353437666235376437222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a2243726f776e222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a22323032362d31312d32335431353a30303a30305a222c226973737565645f6279223a22636c65726b3a74657374222c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:04.181565+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-a487-7185-aaef-e2e2cf2c07f6', 'POST /v1/invoices', '\xc45e0e062e81b4b74850942174a1f526b67bf8f66c18e069b184f15347bc6c09', 201, '{"etag": "\"2\"", "location": "/v1/invoices/01a22c5d-a4c9-7635-8abc-a44b4cb78fea", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c226e756d626572223a22494e562d323032362d303030303035222c22737461747573223a22697373756564222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a322c22636f6e6669726d6174696f6e223a6e756c6c2c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d613463392d373633352d386162632d613434633830333634616536222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a2243726f776e222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a22323032362d31312d32335431353a30303a30305a222c226973737565645f6279223a22636c65726b3a74657374222c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:04.320205+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-a526-772b-b554-33710ee579b0', 'POST /v1/invoices', '\x38e83156f7960ec7e549b5a556a946f67b5bc89dcf96a49e18eba7d20fa54b36', 201, '{"etag": "\"2\"", "location": "/v1/invoices/01a22c5d-a558-72fb-98df-1d1d825a6304", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d613535382d373266622d393864662d316431643832356136333034222c226e756d626572223a22494e562d323032362d303030303036222c22737461747573223a22697373756564222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613532362d373732622d623535342d333337306634626138653264222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a322c22636f6e6669726d6174696f6e223a6e756c6c2c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d613535382d373266622d393864662d316431653035323463373661222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a2243726f776e222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a22323032362d31312d32335431353a30303a30305a222c226973737565645f6279223a22636c65726b3a74657374222c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:04.458332+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-ae66-7688-9afa-fd6682363112', 'POST /v1/invoices/01a22c5d-a447-77e4-8b35-f2b46c71ec8e/credit-notes', '\x700729e11cb801739a47eceed917c465fdba1473196ecca6a3a5b29a94fe52b1', 201, '{"location": "/v1/invoices/01a22c5d-a447-77e4-8b35-f2b46c71ec8e", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d616539642d373763622d616565382d373137616432366136346166222c22696e766f6963655f6964223a2230316132326335642d613434372d373765342d386233352d663262343663373165633865222c2273696465223a22637265646974222c226b696e64223a22636f757274657379222c226e756d626572223a22434e2d323032362d303030303033222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a2261732061736b6564222c22617574686f72223a22636c65726b3a74657374222c22726566756e645f6964223a6e756c6c2c22756e646f65735f6964223a6e756c6c2c22756e646f6e655f62795f6964223a6e756c6c2c226465636973696f6e5f6964223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a6e756c6c2c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a2261732061736b6564222c226e6574223a7b22616d6f756e74223a2233302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2233302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2233302e3030222c2263757272656e6379223a22555344227d2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a227d', '2026-11-30 12:11:06.827803+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-aee4-72d2-af49-d504ab7cf282', 'POST /v1/invoices/01a22c5d-a3e5-7118-a9cb-9810c25d5db7/credit-notes', '\xb5592ec89cef66124cadc94c154df78e036e8970b58250651f0a9290a2744e32', 201, '{"location": "/v1/invoices/01a22c5d-a3e5-7118-a9cb-9810c25d5db7", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d616633312d373535642d383463362d613537383035653234313831222c22696e766f6963655f6964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c2273696465223a22637265646974222c226b696e64223a22636f757274657379222c226e756d626572223a22434e2d323032362d303030303034222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a2261732061736b6564222c22617574686f72223a22636c65726b3a74657374222c22726566756e645f6964223a6e756c6c2c22756e646f65735f6964223a6e756c6c2c22756e646f6e655f62795f6964223a6e756c6c2c226465636973696f6e5f6964223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a6e756c6c2c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a2261732061736b6564222c226e6574223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a227d', '2026-11-30 12:11:06.958384+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-b49e-75d1-a196-8866ff4ef55c', 'POST /v1/invoices/01a22c5d-a558-72fb-98df-1d1d825a6304/installment-plan', '\x4c052f5ffe3a1bde16106aa322a2c91b14a529ac32358f1fbd65172d31156af7', 201, '{"etag": "\"1\"", "location": "/v1/installment-plans/01a22c5d-b513-7420-976e-c5642be8ee5c", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d623531332d373432302d393736652d633536343262653865653563222c22696e766f6963655f6964223a2230316132326335642d613535382d373266622d393864662d316431643832356136333034222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303036222c2270617469656e745f6964223a2230316132326335642d613532362d373732622d623535342d333337306634626138653264222c227374617465223a22616374697665222c226f766572647565223a66616c73652c2276657273696f6e223a312c226167726565645f6f6e223a22323032362d31312d3233222c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c226e6578745f696e7374616c6c6d656e74223a7b226964223a2230316132326335642d623531332d373432302d393736652d633536356638663137343864222c22706f736974696f6e223a312c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032362d31322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d2c2270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d2c227374617465223a22706c616e6e6564227d2c22696e7374616c6c6d656e7473223a5b7b226964223a2230316132326335642d623531332d373432302d393736652d633536356638663137343864222c22706f736974696f6e223a312c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032362d31322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d2c2270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d2c227374617465223a22706c616e6e6564222c22636f737473223a5b7b226c696e655f6964223a2230316132326335642d613535382d373266622d393864662d316431653035323463373661222c226465736372697074696f6e223a2243726f776e222c22616d6f756e74223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d7d5d7d2c7b226964223a2230316132326335642d623531332d373432302d393736652d633536366361613434643532222c22706f736974696f6e223a322c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032372d30312d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c2270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c227374617465223a22706c616e6e6564222c22636f737473223a5b7b226c696e655f6964223a2230316132326335642d613535382d373266622d393864662d316431653035323463373661222c226465736372697074696f6e223a2243726f776e222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d7d5d7d2c7b226964223a2230316132326335642d623531332d373432302d393736652d633536373634336232373161222c22706f736974696f6e223a332c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032372d30322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c2270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c227374617465223a22706c616e6e6564222c22636f737473223a5b7b226c696e655f6964223a2230316132326335642d613535382d373266622d393864662d316431653035323463373661222c226465736372697074696f6e223a2243726f776e222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d7d5d7d5d2c22736574746c65645f6265666f7265223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c65645f6265666f72655f636f737473223a5b5d2c2276657273696f6e73223a5b7b2276657273696f6e223a312c226361757365223a22616772656564222c226174223a22323032362d31312d32335431353a30303a30305a222c226279223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c2c226e6f74655f6964223a6e756c6c2c22696e73746561645f6f66223a6e756c6c2c22696e7374616c6c6d656e7473223a5b7b226964223a2230316132326335642d623531332d373432302d393736652d633536356638663137343864222c22706f736974696f6e223a312c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032362d31322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d7d2c7b226964223a2230316132326335642d623531332d373432302d393736652d633536366361613434643532222c22706f736974696f6e223a322c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032372d30312d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d7d2c7b226964223a2230316132326335642d623531332d373432302d393736652d633536373634336232373161222c22706f736974696f6e223a332c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032372d30322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d7d5d7d5d7d', '2026-11-30 12:11:08.605545+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-b5da-71d7-a30c-a969ee06fdb6', 'POST /v1/invoices', '\x06f1ac8f56b3d7073a1e782621b7e1f18d328052699da9898b45a012968bd80c', 201, '{"etag": "\"1\"", "location": "/v1/invoices/01a22c5d-b61b-75c1-8318-355c490d30ca", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d623631622d373563312d383331382d333535633439306433306361222c226e756d626572223a6e756c6c2c22737461747573223a226472616674222c226f766572647565223a66616c73652c2270617469656e745f6964223a2230316132326335642d613532362d373732622d623535342d333337306634626138653264222c2270617469656e745f6e616d65223a6e756c6c2c226170706f696e746d656e745f6964223a6e756c6c2c2269737375655f64617465223a6e756c6c2c226475655f64617465223a6e756c6c2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656269746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22736574746c6564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c227061727473223a7b2270617469656e74223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c22696e737572657273223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2265787065637465645f77726974655f6f6666223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2264656369646564223a66616c73657d2c22696e7374616c6c6d656e745f706c616e5f6964223a6e756c6c2c22637265617465645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a312c22636f6e6669726d6174696f6e223a226361613566386231353637666461646334666666333535366231373061363335222c2269737375655f70726f626c656d223a6e756c6c2c226f726967696e223a226465736b222c227072696365735f696e636c7564655f746178223a66616c73652c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c226c696e6573223a5b7b226964223a2230316132326335642d623631632d373338652d386534372d366336333363623962333831222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c226465736372697074696f6e223a224e69676874206775617264222c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c22736b75223a6e756c6c2c2270726f6365647572655f6964223a6e756c6c2c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c227175616e74697479223a2231222c22756e69745f7072696365223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c22626173655f7175616e74697479223a2231222c22616d6f756e74223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c2263686172676573223a5b5d2c226368617267655f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a6e756c6c2c22646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22646f63756d656e745f646973636f756e745f616d6f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f636f6465223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22657374696d61746573223a5b5d7d5d2c22646973636f756e74223a6e756c6c2c22646973636f756e7473223a5b5d2c2263686172676573223a5b5d2c226e6f7465223a6e756c6c2c227072696d6172795f7061796572223a6e756c6c2c2270726963655f6c6973745f6964223a6e756c6c2c226d656d62657273686970223a6e756c6c2c22637265617465645f6279223a22636c65726b3a74657374222c226973737565645f6174223a6e756c6c2c226973737565645f6279223a6e756c6c2c22766f69646564223a6e756c6c2c226e6f746573223a5b5d2c22696e737572616e6365223a6e756c6c2c227061796d656e7473223a5b5d7d', '2026-11-30 12:11:08.736718+00');
INSERT INTO public.inbox (consumer, event_id, handled_at) VALUES
	('invoicing', '019ab7c0-00e1-7000-8000-000000000001', '2026-11-30 12:10:56.277383+00'),
	('invoicing', '019ab7c0-00e1-7000-8000-000000000002', '2026-11-30 12:10:56.575345+00'),
	('invoicing', '019ab7c0-00e1-7000-8000-000000000004', '2026-11-30 12:10:56.575417+00'),
	('invoicing', '019ab7c0-00e0-7000-8000-000000000002', '2026-11-30 12:10:56.727206+00'),
	('invoicing', '019ab7c0-00e0-7000-8000-000000000003', '2026-11-30 12:10:56.72726+00'),
	('invoicing', '019ab7c0-00e0-7000-8000-000000000004', '2026-11-30 12:10:56.727284+00'),
	('invoicing', '019ab7c0-00e0-7000-8000-000000000005', '2026-11-30 12:10:56.72729+00'),
	('invoicing', '019ab7c0-00e2-7000-8000-000000000001', '2026-11-30 12:10:57.283301+00'),
	('invoicing', '019ab7c0-00e1-7000-8000-000000000003', '2026-11-30 12:10:57.672557+00'),
	('invoicing', '01a22c5d-a6e6-72b5-869f-d08c7d4d25e4', '2026-11-30 12:11:04.859422+00'),
	('invoicing', '01a22c5d-a6e6-72b5-869f-d08d045f2e14', '2026-11-30 12:11:04.859538+00'),
	('invoicing', '01a22c5d-abfe-71be-af18-6484c3e2ec2d', '2026-11-30 12:11:06.541979+00'),
	('invoicing', '01a22c5d-acc4-7180-9ebf-5d24da966191', '2026-11-30 12:11:06.542018+00'),
	('invoicing', '01a22c5d-ad4a-7495-9d26-58ec82399280', '2026-11-30 12:11:06.542024+00'),
	('invoicing', '01a22c5d-b0ee-72b8-8045-077f111afad6', '2026-11-30 12:11:07.486312+00'),
	('invoicing', '01a22c5d-b292-7669-bcfa-4f309c50b4ab', '2026-11-30 12:11:08.928185+00'),
	('invoicing', '01a22c5d-b35b-76bb-80dd-e1ede34763be', '2026-11-30 12:11:08.928251+00'),
	('invoicing', '01a22c5d-b482-74a4-8970-1a3561f67624', '2026-11-30 12:11:08.928261+00');
INSERT INTO public.installment_dues (installment_id, clinic_id, plan_id, invoice_id, due_date, step, due_soon_on, due_on, overdue_on, unpaid_minor) VALUES
	('01a22c5d-b513-7420-976e-c565f8f1748d', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-a558-72fb-98df-1d1d825a6304', '2026-12-24', 1, NULL, NULL, NULL, 3334),
	('01a22c5d-b513-7420-976e-c566caa44d52', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-a558-72fb-98df-1d1d825a6304', '2027-01-24', 1, NULL, NULL, NULL, 3333),
	('01a22c5d-b513-7420-976e-c567643b271a', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-a558-72fb-98df-1d1d825a6304', '2027-02-24', 1, NULL, NULL, NULL, 3333);
INSERT INTO public.installment_plan_versions (plan_id, version, clinic_id, cause, made_at, made_by, reason, invoice_version, note_id, terms, instead_of) VALUES
	('01a22c5d-b513-7420-976e-c5642be8ee5c', 1, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'agreed', '2026-11-23 15:00:00+00', 'clerk:test', NULL, 2, NULL, '{"division": {"step": 1, "count": 3, "given": [], "currency": "USD", "schedule": {"unit": "months", "every": 1, "anchor": "2026-12-24"}, "down_payment": null, "amount_per_period": null}, "earliest": "2026-11-23"}', NULL);
INSERT INTO public.installment_plans (id, clinic_id, patient_id, invoice_id, currency, agreed_on, version, ended, recorded_on, included_minor) VALUES
	('01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', '01a22c5d-a558-72fb-98df-1d1d825a6304', 'USD', '2026-11-23', 1, false, '2026-11-23', 0);
INSERT INTO public.installments (plan_id, version, "position", clinic_id, installment_id, kind, due_date, amount_minor) VALUES
	('01a22c5d-b513-7420-976e-c5642be8ee5c', 1, 1, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c565f8f1748d', 'installment', '2026-12-24', 3334),
	('01a22c5d-b513-7420-976e-c5642be8ee5c', 1, 2, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c566caa44d52', 'installment', '2027-01-24', 3333),
	('01a22c5d-b513-7420-976e-c5642be8ee5c', 1, 3, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c567643b271a', 'installment', '2027-02-24', 3333);
INSERT INTO public.invoice_lines (id, clinic_id, invoice_id, "position", kind, description, quantity, unit_price_minor, tax_code, tax_category, tax_rate, exemption_reason, code_system, code, sku, discount_percent, discount_minor, discount_reason, discount_author, procedure_id, date_of_service, provider_id, provider_name, tooth, surface, treatment_plan_id, treatment_plan_item_id, amount_minor, own_discount_minor, document_discount_minor, net_minor, estimates, price_from, tax_typed, unit_price_fraction, base_quantity, charges, charge_minor, claim) VALUES
	('01a22c5d-a1dc-771d-ae91-31ae8f9843c2', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 1, 'custom', 'Crown', 1.0000, 10000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 10000, NULL, 'typed', false, 0.000000, 1.0000, NULL, 0, NULL),
	('01a22c5d-a389-74d4-b468-86e3f493dc1e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 1, 'custom', 'Crown', 1.0000, 10000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 10000, NULL, 'typed', false, 0.000000, 1.0000, NULL, 0, NULL),
	('01a22c5d-a3e6-713e-826e-67cf176b89be', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 1, 'custom', 'Crown', 1.0000, 10000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 10000, NULL, 'typed', false, 0.000000, 1.0000, NULL, 0, NULL),
	('01a22c5d-a447-77e4-8b35-f2b547fb57d7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 1, 'custom', 'Crown', 1.0000, 10000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 10000, NULL, 'typed', false, 0.000000, 1.0000, NULL, 0, NULL),
	('01a22c5d-a4c9-7635-8abc-a44c80364ae6', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 1, 'custom', 'Crown', 1.0000, 10000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 10000, NULL, 'typed', false, 0.000000, 1.0000, NULL, 0, NULL),
	('01a22c5d-a558-72fb-98df-1d1e0524c76a', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 1, 'custom', 'Crown', 1.0000, 10000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 10000, 0, 0, 10000, NULL, 'typed', false, 0.000000, 1.0000, NULL, 0, NULL),
	('01a22c5d-b61c-738e-8e47-6c633cb9b381', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b61b-75c1-8318-355c490d30ca', 1, 'custom', 'Night guard', 1.0000, 12000, 'E', 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'typed', false, 0.000000, 1.0000, NULL, NULL, NULL);
INSERT INTO public.invoice_words (clinic_id, invoice_id, word) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'crown'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '2026'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '1'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'inv'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 'crown'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', '2'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', '2026'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 'inv'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'crown'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '3'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '2026'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'inv'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'crown'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '4'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '2026'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'inv'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'crown'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '2026'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '5'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'inv'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 'crown'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', '6'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', '2026'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 'inv'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'cn'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 'cn'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'cn'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '3'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'cn'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '4'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b61b-75c1-8318-355c490d30ca', 'night'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b61b-75c1-8318-355c490d30ca', 'guard'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'cn');
INSERT INTO public.invoices (id, clinic_id, patient_id, appointment_id, origin, status, version, next_position, currency, prices_include_tax, cash_rounding_to, rounding_policy, rounding_version, document_discount_percent, document_discount_minor, document_discount_reason, document_discount_author, note, asked_due_date, payer_id, payer_name, created_at, created_by, changed_at, number, series_number, issue_date, due_date, issued_at, issued_by, voided_on, voided_by, void_reason, net_minor, discount_minor, tax_minor, cash_rounding_minor, total_minor, taxes, debited_minor, credited_minor, settled_minor, voided_at, installment_plan_id, overdue_announced_on, forgiven_minor, contractual_minor, installment_due_on, overdue_after, looked_at, price_list_id, membership, document_discount_tax_code, discounts, charges, bad_debt_minor, recovered_minor, words_ended) VALUES
	('01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', NULL, 'desk', 'issued', 5, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', 'INV-2026-000003', 3, '2026-11-23', '2026-12-23', '2026-11-23 15:00:00+00', 'clerk:test', NULL, NULL, NULL, 10000, 0, 0, 0, 10000, '[{"tax": 0, "base": 10000, "code": "E", "rate": "0", "category": "E", "exemption_reason": "Exempt from tax: medical and dental care"}]', 0, 2000, 8000, NULL, NULL, NULL, 0, 0, NULL, '2026-12-23', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false),
	('01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', NULL, 'desk', 'issued', 4, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', 'INV-2026-000002', 2, '2026-11-23', '2026-12-23', '2026-11-23 15:00:00+00', 'clerk:test', NULL, NULL, NULL, 10000, 0, 0, 0, 10000, '[{"tax": 0, "base": 10000, "code": "E", "rate": "0", "category": "E", "exemption_reason": "Exempt from tax: medical and dental care"}]', 0, 2500, 0, NULL, NULL, NULL, 0, 2500, NULL, '2026-12-23', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false),
	('01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', NULL, 'desk', 'issued', 5, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', 'INV-2026-000001', 1, '2026-11-23', '2026-12-23', '2026-11-23 15:00:00+00', 'clerk:test', NULL, NULL, NULL, 10000, 0, 0, 0, 10000, '[{"tax": 0, "base": 10000, "code": "E", "rate": "0", "category": "E", "exemption_reason": "Exempt from tax: medical and dental care"}]', 0, 2500, 7500, NULL, NULL, NULL, 0, 2500, NULL, '2026-12-23', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false),
	('01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', NULL, 'desk', 'issued', 3, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', 'INV-2026-000004', 4, '2026-11-23', '2026-12-23', '2026-11-23 15:00:00+00', 'clerk:test', NULL, NULL, NULL, 10000, 0, 0, 0, 10000, '[{"tax": 0, "base": 10000, "code": "E", "rate": "0", "category": "E", "exemption_reason": "Exempt from tax: medical and dental care"}]', 0, 3000, 0, NULL, NULL, NULL, 0, 0, NULL, '2026-12-23', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false),
	('01a22c5d-a558-72fb-98df-1d1d825a6304', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', NULL, 'desk', 'issued', 2, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', 'INV-2026-000006', 6, '2026-11-23', '2026-12-23', '2026-11-23 15:00:00+00', 'clerk:test', NULL, NULL, NULL, 10000, 0, 0, 0, 10000, '[{"tax": 0, "base": 10000, "code": "E", "rate": "0", "category": "E", "exemption_reason": "Exempt from tax: medical and dental care"}]', 0, 0, 0, NULL, '01a22c5d-b513-7420-976e-c5642be8ee5c', NULL, 0, 0, '2026-12-24', '2026-12-24', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false),
	('01a22c5d-b61b-75c1-8318-355c490d30ca', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', NULL, 'desk', 'draft', 1, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false),
	('01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', NULL, 'desk', 'issued', 5, 2, 'USD', false, 1, 'en16931-net-half-up', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', 'clerk:test', '2026-11-23 15:00:00+00', 'INV-2026-000005', 5, '2026-11-23', '2026-12-23', '2026-11-23 15:00:00+00', 'clerk:test', NULL, NULL, NULL, 10000, 0, 0, 0, 10000, '[{"tax": 0, "base": 10000, "code": "E", "rate": "0", "category": "E", "exemption_reason": "Exempt from tax: medical and dental care"}]', 0, 2000, 6000, NULL, NULL, NULL, 0, 0, NULL, '2026-12-23', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, false);
INSERT INTO public.merged_records (clinic_id, record_id, into_id, said_at, survivor_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000003', '019ab7c0-0002-7000-8000-000000000001', '2026-11-19 10:12:00+00', '019ab7c0-0002-7000-8000-000000000001');
INSERT INTO public.note_lines (clinic_id, note_id, "position", invoice_line_id, description, net_minor, tax_minor, tax_category, tax_rate, exemption_reason, debit_note_id) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a787-730b-b045-a3b707af84e9', 1, '01a22c5d-a1dc-771d-ae91-31ae8f9843c2', 'Crown', 2500, 0, 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a795-756c-b280-9ab9676bf9b1', 1, '01a22c5d-a389-74d4-b468-86e3f493dc1e', 'Crown', 2500, 0, 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ae9d-77cb-aee8-717ad26a64af', 1, NULL, 'as asked', 3000, 0, 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-af31-755d-84c6-a57805e24181', 1, NULL, 'as asked', 2000, 0, 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b800-7176-9e3e-5e1a1a357078', 1, NULL, 'Refund', 2000, 0, 'E', 0.0000, 'Exempt from tax: medical and dental care', NULL);
INSERT INTO public.notes (id, clinic_id, invoice_id, side, kind, number, series_number, issue_date, reason, author, refund_id, undoes_id, net_minor, tax_minor, cash_rounding_minor, total_minor, created_at, decision_id) VALUES
	('01a22c5d-a787-730b-b045-a3b707af84e9', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'credit', 'contractual_write_off', 'CN-2026-000001', 1, '2026-11-23', 'Written off by contract with Delta', 'consumer:invoicing', NULL, NULL, 2500, 0, 0, 2500, '2026-11-23 15:00:00+00', '01a22c5d-a6e6-72b5-869f-d089e08572e2'),
	('01a22c5d-a795-756c-b280-9ab9676bf9b1', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 'credit', 'contractual_write_off', 'CN-2026-000002', 2, '2026-11-23', 'Written off by contract with Delta', 'consumer:invoicing', NULL, NULL, 2500, 0, 0, 2500, '2026-11-23 15:00:00+00', '01a22c5d-a6e6-72b5-869f-d08baf8efb66'),
	('01a22c5d-ae9d-77cb-aee8-717ad26a64af', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'credit', 'courtesy', 'CN-2026-000003', 3, '2026-11-23', 'as asked', 'clerk:test', NULL, NULL, 3000, 0, 0, 3000, '2026-11-23 15:00:00+00', NULL),
	('01a22c5d-af31-755d-84c6-a57805e24181', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'credit', 'courtesy', 'CN-2026-000004', 4, '2026-11-23', 'as asked', 'clerk:test', NULL, NULL, 2000, 0, 0, 2000, '2026-11-23 15:00:00+00', NULL),
	('01a22c5d-b800-7176-9e3e-5e1a1a357078', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'credit', 'refund_adjustment', 'CN-2026-000005', 5, '2026-11-23', 'Refund', 'consumer:invoicing', '01a22c5d-b33b-74b1-8ab6-63d472efcc49', NULL, 2000, 0, 0, 2000, '2026-11-23 15:00:00+00', NULL);
INSERT INTO public.number_series (clinic_id, series, last_number, last_date) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'invoice', 6, '2026-11-23'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'credit_note', 5, '2026-11-23');
INSERT INTO public.outbox (id, event_id, topic, key, type, subject, clinic_id, sequence, "time", data, traceparent, tracestate, created_at, published_at) OVERRIDING SYSTEM VALUE VALUES
	(1, '01a22c5d-89fb-72a8-a444-ff8c00f45615', 'billing.invoices.v1', '019ab7c0-0002-7000-8000-000000000001', 'billing.adjudication.set_aside.v1', '01a22c5d-89e7-71fc-9ca9-8c803cc5426c', '019ab7c0-0001-7000-8000-000000000001', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230313961623763302d303030312d373030302d383030302d303030303030303030303031222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227365745f61736964655f6964223a2230316132326335642d383965372d373166632d396361392d386338303363633534323663222c226465636973696f6e5f6964223a2230313961623763302d303030632d373030302d383030302d303030303030303030303032222c22636c61696d5f6964223a2230313961623763302d303030632d373030302d383030302d303030303030303030303031222c22696e766f6963655f6964223a2230313961623763302d303030382d373030302d383030302d303030303030303030303031222c2270617469656e745f6964223a2230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2270617965725f6964223a2230313961623763302d303030342d373030302d383030302d303030303030303030303031222c226361757365223a22756e6b6e6f776e5f6c696e65222c2265786163745f6361757365223a22756e6b6e6f776e5f696e766f696365222c2264657461696c223a226e6f20696e766f6963652030313961623763302d303030382d373030302d383030302d303030303030303030303031206973206973737565642068657265202879657429227d', NULL, NULL, '2026-11-30 12:10:57.537541+00', NULL),
	(2, '01a22c5d-a09f-716b-8382-796808f39670', 'billing.clinics.v1', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'billing.clinic.configured.v1', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2276657273696f6e223a312c226e616d65223a2241222c226c6567616c5f6e616d65223a6e756c6c2c2261646472657373223a6e756c6c2c2270686f6e65223a6e756c6c2c22656d61696c223a6e756c6c2c227461785f6e756d626572223a6e756c6c2c226e7069223a6e756c6c2c226c6f676f5f737667223a6e756c6c2c226c6f676f223a6e756c6c2c2263757272656e6379223a22555344222c2274696d655f7a6f6e65223a22555443222c226c616e6775616765223a22656e222c227061706572223a224134222c22726563656970745f6e756d6265725f7061747465726e223a225245432d7b796561727d2d7b6e756d6265723a30367d222c22726563656970745f73686f77735f6e6f7465223a66616c73652c22726574656e74696f6e5f7965617273223a31302c22626f6f6b735f636c6f7365645f756e74696c223a6e756c6c7d', '00-d194a312c01e5f65b5ac1bd2a76f8d81-27ba922a4bcffc75-00', NULL, '2026-11-30 12:11:03.20556+00', NULL),
	(3, '01a22c5d-a2f4-71d4-96e1-3ee41b5e7e59', 'billing.invoices.v1', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'billing.invoice.issued.v1', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2262696c6c696e675f70726f76696465725f6e7069223a6e756c6c2c2262696c6c696e675f70726f76696465725f6e616d65223a2241222c2262696c6c696e675f70726f76696465725f61646472657373223a6e756c6c2c2262696c6c696e675f70726f76696465725f7461785f6e756d626572223a6e756c6c2c2270617469656e745f676976656e5f6e616d65223a6e756c6c2c2270617469656e745f66616d696c795f6e616d65223a6e756c6c2c2270617469656e745f61646472657373223a6e756c6c2c2270617469656e745f67656e646572223a6e756c6c2c2270617469656e745f62697274685f64617465223a6e756c6c2c22636f76657261676573223a5b5d2c22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c226e756d626572223a22494e562d323032362d303030303031222c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c226170706f696e746d656e745f6964223a6e756c6c2c227072696d6172795f70617965725f6964223a6e756c6c2c227072696d6172795f70617965725f6e616d65223a6e756c6c2c227072696365735f696e636c7564655f746178223a66616c73652c226c696e6573223a5b7b2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c226c696e655f6964223a2230316132326335642d613164632d373731642d616539312d333161653866393834336332222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c2270726f6365647572655f6964223a6e756c6c2c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c227175616e74697479223a2231222c2272657475726e6564223a66616c73652c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227072696365223a6e756c6c2c2263686172676573223a5b5d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263726564697461626c65223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c22657374696d61746573223a5b5d7d5d2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a6e756c6c2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c2270617965725f736861726573223a5b5d2c2270617469656e745f7368617265223a6e756c6c2c22646f63756d656e745f646973636f756e745f726561736f6e223a6e756c6c2c22646f63756d656e745f646973636f756e7473223a5b5d2c22646f63756d656e745f63686172676573223a5b5d2c226e6f7465223a6e756c6c2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-f800d5f0cf738c02e32361e216748ee9-610e5b72903f30e9-00', NULL, '2026-11-30 12:11:03.866147+00', NULL),
	(4, '01a22c5d-a39e-733f-9de9-da19b4c1df0e', 'billing.invoices.v1', '01a22c5d-a361-7739-9eb5-eb524ad677e9', 'billing.invoice.issued.v1', '01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2262696c6c696e675f70726f76696465725f6e7069223a6e756c6c2c2262696c6c696e675f70726f76696465725f6e616d65223a2241222c2262696c6c696e675f70726f76696465725f61646472657373223a6e756c6c2c2262696c6c696e675f70726f76696465725f7461785f6e756d626572223a6e756c6c2c2270617469656e745f676976656e5f6e616d65223a6e756c6c2c2270617469656e745f66616d696c795f6e616d65223a6e756c6c2c2270617469656e745f61646472657373223a6e756c6c2c2270617469656e745f67656e646572223a6e756c6c2c2270617469656e745f62697274685f64617465223a6e756c6c2c22636f76657261676573223a5b5d2c22696e766f6963655f6964223a2230316132326335642d613338392d373464342d623436382d383665323334323531613334222c2270617469656e745f6964223a2230316132326335642d613336312d373733392d396562352d656235323461643637376539222c226e756d626572223a22494e562d323032362d303030303032222c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c226170706f696e746d656e745f6964223a6e756c6c2c227072696d6172795f70617965725f6964223a6e756c6c2c227072696d6172795f70617965725f6e616d65223a6e756c6c2c227072696365735f696e636c7564655f746178223a66616c73652c226c696e6573223a5b7b2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c226c696e655f6964223a2230316132326335642d613338392d373464342d623436382d383665336634393364633165222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c2270726f6365647572655f6964223a6e756c6c2c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c227175616e74697479223a2231222c2272657475726e6564223a66616c73652c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227072696365223a6e756c6c2c2263686172676573223a5b5d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263726564697461626c65223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c22657374696d61746573223a5b5d7d5d2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a6e756c6c2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c2270617965725f736861726573223a5b5d2c2270617469656e745f7368617265223a6e756c6c2c22646f63756d656e745f646973636f756e745f726561736f6e223a6e756c6c2c22646f63756d656e745f646973636f756e7473223a5b5d2c22646f63756d656e745f63686172676573223a5b5d2c226e6f7465223a6e756c6c2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-890db0f3fb278fc215ce728613c1a927-6d6493cc64da5eaf-00', NULL, '2026-11-30 12:11:03.968275+00', NULL),
	(5, '01a22c5d-a3f8-748c-9e41-22f5cb2de7c4', 'billing.invoices.v1', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'billing.invoice.issued.v1', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2262696c6c696e675f70726f76696465725f6e7069223a6e756c6c2c2262696c6c696e675f70726f76696465725f6e616d65223a2241222c2262696c6c696e675f70726f76696465725f61646472657373223a6e756c6c2c2262696c6c696e675f70726f76696465725f7461785f6e756d626572223a6e756c6c2c2270617469656e745f676976656e5f6e616d65223a6e756c6c2c2270617469656e745f66616d696c795f6e616d65223a6e756c6c2c2270617469656e745f61646472657373223a6e756c6c2c2270617469656e745f67656e646572223a6e756c6c2c2270617469656e745f62697274685f64617465223a6e756c6c2c22636f76657261676573223a5b5d2c22696e766f6963655f6964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c226e756d626572223a22494e562d323032362d303030303033222c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c226170706f696e746d656e745f6964223a6e756c6c2c227072696d6172795f70617965725f6964223a6e756c6c2c227072696d6172795f70617965725f6e616d65223a6e756c6c2c227072696365735f696e636c7564655f746178223a66616c73652c226c696e6573223a5b7b2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c226c696e655f6964223a2230316132326335642d613365362d373133652d383236652d363763663137366238396265222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c2270726f6365647572655f6964223a6e756c6c2c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c227175616e74697479223a2231222c2272657475726e6564223a66616c73652c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227072696365223a6e756c6c2c2263686172676573223a5b5d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263726564697461626c65223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c22657374696d61746573223a5b5d7d5d2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a6e756c6c2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c2270617965725f736861726573223a5b5d2c2270617469656e745f7368617265223a6e756c6c2c22646f63756d656e745f646973636f756e745f726561736f6e223a6e756c6c2c22646f63756d656e745f646973636f756e7473223a5b5d2c22646f63756d656e745f63686172676573223a5b5d2c226e6f7465223a6e756c6c2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-d379ffb09c7efaf407e61e432dd035d7-ea3119e9aa6762c1-00', NULL, '2026-11-30 12:11:04.077871+00', NULL),
	(6, '01a22c5d-a454-748f-8dd4-3dd450da67f6', 'billing.invoices.v1', '01a22c5d-a41f-77c6-ade1-b84563555c45', 'billing.invoice.issued.v1', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2262696c6c696e675f70726f76696465725f6e7069223a6e756c6c2c2262696c6c696e675f70726f76696465725f6e616d65223a2241222c2262696c6c696e675f70726f76696465725f61646472657373223a6e756c6c2c2262696c6c696e675f70726f76696465725f7461785f6e756d626572223a6e756c6c2c2270617469656e745f676976656e5f6e616d65223a6e756c6c2c2270617469656e745f66616d696c795f6e616d65223a6e756c6c2c2270617469656e745f61646472657373223a6e756c6c2c2270617469656e745f67656e646572223a6e756c6c2c2270617469656e745f62697274685f64617465223a6e756c6c2c22636f76657261676573223a5b5d2c22696e766f6963655f6964223a2230316132326335642d613434372d373765342d386233352d663262343663373165633865222c2270617469656e745f6964223a2230316132326335642d613431662d373763362d616465312d623834353633353535633435222c226e756d626572223a22494e562d323032362d303030303034222c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c226170706f696e746d656e745f6964223a6e756c6c2c227072696d6172795f70617965725f6964223a6e756c6c2c227072696d6172795f70617965725f6e616d65223a6e756c6c2c227072696365735f696e636c7564655f746178223a66616c73652c226c696e6573223a5b7b2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c226c696e655f6964223a2230316132326335642d613434372d373765342d386233352d663262353437666235376437222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c2270726f6365647572655f6964223a6e756c6c2c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c227175616e74697479223a2231222c2272657475726e6564223a66616c73652c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227072696365223a6e756c6c2c2263686172676573223a5b5d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263726564697461626c65223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c22657374696d61746573223a5b5d7d5d2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a6e756c6c2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c2270617965725f736861726573223a5b5d2c2270617469656e745f7368617265223a6e756c6c2c22646f63756d656e745f646973636f756e745f726561736f6e223a6e756c6c2c22646f63756d656e745f646973636f756e7473223a5b5d2c22646f63756d656e745f63686172676573223a5b5d2c226e6f7465223a6e756c6c2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-d2e989b7af6aac2b1b197c2bc0973aff-e5f786f87e3bd23f-00', NULL, '2026-11-30 12:11:04.181407+00', NULL),
	(7, '01a22c5d-a4fa-712c-a367-b044a2258f50', 'billing.invoices.v1', '01a22c5d-a486-71d7-9365-0265c87faa80', 'billing.invoice.issued.v1', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2262696c6c696e675f70726f76696465725f6e7069223a6e756c6c2c2262696c6c696e675f70726f76696465725f6e616d65223a2241222c2262696c6c696e675f70726f76696465725f61646472657373223a6e756c6c2c2262696c6c696e675f70726f76696465725f7461785f6e756d626572223a6e756c6c2c2270617469656e745f676976656e5f6e616d65223a6e756c6c2c2270617469656e745f66616d696c795f6e616d65223a6e756c6c2c2270617469656e745f61646472657373223a6e756c6c2c2270617469656e745f67656e646572223a6e756c6c2c2270617469656e745f62697274685f64617465223a6e756c6c2c22636f76657261676573223a5b5d2c22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c226e756d626572223a22494e562d323032362d303030303035222c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c226170706f696e746d656e745f6964223a6e756c6c2c227072696d6172795f70617965725f6964223a6e756c6c2c227072696d6172795f70617965725f6e616d65223a6e756c6c2c227072696365735f696e636c7564655f746178223a66616c73652c226c696e6573223a5b7b2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c226c696e655f6964223a2230316132326335642d613463392d373633352d386162632d613434633830333634616536222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c2270726f6365647572655f6964223a6e756c6c2c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c227175616e74697479223a2231222c2272657475726e6564223a66616c73652c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227072696365223a6e756c6c2c2263686172676573223a5b5d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263726564697461626c65223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c22657374696d61746573223a5b5d7d5d2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a6e756c6c2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c2270617965725f736861726573223a5b5d2c2270617469656e745f7368617265223a6e756c6c2c22646f63756d656e745f646973636f756e745f726561736f6e223a6e756c6c2c22646f63756d656e745f646973636f756e7473223a5b5d2c22646f63756d656e745f63686172676573223a5b5d2c226e6f7465223a6e756c6c2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-07bde91e60dc9f6fcd42fc2aea7faa47-164f018193551001-00', NULL, '2026-11-30 12:11:04.319886+00', NULL),
	(8, '01a22c5d-a584-73e3-9cb9-b56cd5687103', 'billing.invoices.v1', '01a22c5d-a526-772b-b554-3370f4ba8e2d', 'billing.invoice.issued.v1', '01a22c5d-a558-72fb-98df-1d1d825a6304', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2262696c6c696e675f70726f76696465725f6e7069223a6e756c6c2c2262696c6c696e675f70726f76696465725f6e616d65223a2241222c2262696c6c696e675f70726f76696465725f61646472657373223a6e756c6c2c2262696c6c696e675f70726f76696465725f7461785f6e756d626572223a6e756c6c2c2270617469656e745f676976656e5f6e616d65223a6e756c6c2c2270617469656e745f66616d696c795f6e616d65223a6e756c6c2c2270617469656e745f61646472657373223a6e756c6c2c2270617469656e745f67656e646572223a6e756c6c2c2270617469656e745f62697274685f64617465223a6e756c6c2c22636f76657261676573223a5b5d2c22696e766f6963655f6964223a2230316132326335642d613535382d373266622d393864662d316431643832356136333034222c2270617469656e745f6964223a2230316132326335642d613532362d373732622d623535342d333337306634626138653264222c226e756d626572223a22494e562d323032362d303030303036222c2269737375655f64617465223a22323032362d31312d3233222c226475655f64617465223a22323032362d31322d3233222c226170706f696e746d656e745f6964223a6e756c6c2c227072696d6172795f70617965725f6964223a6e756c6c2c227072696d6172795f70617965725f6e616d65223a6e756c6c2c227072696365735f696e636c7564655f746178223a66616c73652c226c696e6573223a5b7b2270726f76696465725f6964223a6e756c6c2c2270726f76696465725f6e616d65223a6e756c6c2c2270726f76696465725f6e7069223a6e756c6c2c22746f6f7468223a6e756c6c2c2273757266616365223a6e756c6c2c226f72616c5f6361766974795f61726561223a6e756c6c2c22706c6163655f6f665f73657276696365223a6e756c6c2c227072696f725f617574686f72697a6174696f6e223a6e756c6c2c2270726f73746865736973223a6e756c6c2c227072696f725f706c6163656d656e745f6f6e223a6e756c6c2c226170706c69616e63655f706c616365645f6f6e223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e746873223a6e756c6c2c226f7274686f646f6e7469635f6d6f6e7468735f6c656674223a6e756c6c2c226c696e655f6964223a2230316132326335642d613535382d373266622d393864662d316431653035323463373661222c22706f736974696f6e223a312c226b696e64223a22637573746f6d222c2270726f6365647572655f6964223a6e756c6c2c22636f64655f73797374656d223a6e756c6c2c22636f6465223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c227175616e74697479223a2231222c2272657475726e6564223a66616c73652c22756e69745f7072696365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227072696365223a6e756c6c2c2263686172676573223a5b5d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2263726564697461626c65223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c22646174655f6f665f73657276696365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c2274726561746d656e745f706c616e5f6974656d5f6964223a6e756c6c2c22657374696d61746573223a5b5d7d5d2c22746f74616c73223a7b226e6574223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22646973636f756e74223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636861726765223a6e756c6c2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c227461786573223a5b7b2263617465676f7279223a2245222c2272617465223a2230222c2262617365223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265222c226578656d7074696f6e5f726561736f6e73223a5b224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265225d7d5d7d2c22726f756e64696e67223a7b226964223a22656e31363933312d6e65742d68616c662d7570222c2276657273696f6e223a317d2c2270617965725f736861726573223a5b5d2c2270617469656e745f7368617265223a6e756c6c2c22646f63756d656e745f646973636f756e745f726561736f6e223a6e756c6c2c22646f63756d656e745f646973636f756e7473223a5b5d2c22646f63756d656e745f63686172676573223a5b5d2c226e6f7465223a6e756c6c2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-64b0317b50697066e1c67ca587b60197-aad9d56c397db67d-00', NULL, '2026-11-30 12:11:04.458209+00', NULL),
	(9, '01a22c5d-a82e-77bc-bf7b-3c53cdb04cb3', 'billing.invoices.v1', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'billing.invoice.credited.v1', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 3, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c226e756d626572223a22434e2d323032362d303030303031222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303031222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a225772697474656e206f666620627920636f6e747261637420776974682044656c7461222c22726566756e645f6964223a6e756c6c2c22756e646f65735f6964223a6e756c6c2c226465636973696f6e5f6964223a2230316132326335642d613665362d373262352d383639662d643038396530383537326532222c22707572706f7365223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a2230316132326335642d613164632d373731642d616539312d333161653866393834336332222c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c226e6574223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c226c696e65735f6c656674223a5b7b226c696e655f6964223a2230316132326335642d613164632d373731642d616539312d333161653866393834336332222c226c656674223a7b22616d6f756e74223a2237352e3030222c2263757272656e6379223a22555344227d7d5d2c226279223a7b227375626a656374223a22636f6e73756d65723a696e766f6963696e67222c22726561736f6e223a225772697474656e206f666620627920636f6e747261637420776974682044656c7461227d2c226372656469745f6e6f74655f6964223a2230316132326335642d613738372d373330622d623034352d613362373037616638346539222c226b696e64223a22636f6e747261637475616c5f77726974655f6f6666227d', NULL, NULL, '2026-11-30 12:11:05.141621+00', NULL),
	(10, '01a22c5d-a82e-77bc-bf7b-3c54b9fc5c26', 'billing.invoices.v1', '01a22c5d-a361-7739-9eb5-eb524ad677e9', 'billing.invoice.credited.v1', '01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 3, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22696e766f6963655f6964223a2230316132326335642d613338392d373464342d623436382d383665323334323531613334222c2270617469656e745f6964223a2230316132326335642d613336312d373733392d396562352d656235323461643637376539222c226e756d626572223a22434e2d323032362d303030303032222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303032222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a225772697474656e206f666620627920636f6e747261637420776974682044656c7461222c22726566756e645f6964223a6e756c6c2c22756e646f65735f6964223a6e756c6c2c226465636973696f6e5f6964223a2230316132326335642d613665362d373262352d383639662d643038626166386566623636222c22707572706f7365223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a2230316132326335642d613338392d373464342d623436382d383665336634393364633165222c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a2243726f776e222c226e6574223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c226c696e65735f6c656674223a5b7b226c696e655f6964223a2230316132326335642d613338392d373464342d623436382d383665336634393364633165222c226c656674223a7b22616d6f756e74223a2237352e3030222c2263757272656e6379223a22555344227d7d5d2c226279223a7b227375626a656374223a22636f6e73756d65723a696e766f6963696e67222c22726561736f6e223a225772697474656e206f666620627920636f6e747261637420776974682044656c7461227d2c226372656469745f6e6f74655f6964223a2230316132326335642d613739352d373536632d623238302d396162393637366266396231222c226b696e64223a22636f6e747261637475616c5f77726974655f6f6666227d', NULL, NULL, '2026-11-30 12:11:05.141708+00', NULL),
	(11, '01a22c5d-a82e-77bc-bf7b-3c55a1f5da88', 'billing.invoices.v1', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'billing.adjudication.applied.v1', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 4, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c226465636973696f6e5f6964223a2230316132326335642d613665362d373262352d383639662d643038396530383537326532222c22636c61696d5f6964223a2230316132326335642d613665362d373262352d383639662d643038383937636164353264222c22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303031222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c2270617965725f6964223a2230316132326335642d396666622d373434332d616662652d376264383461666662376631222c2270617965725f6e616d65223a2244656c7461222c2270617965725f73657175656e6365223a227072696d617279222c2272656d697474616e63655f7265666572656e6365223a6e756c6c2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c22636f6e747261637475616c223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f726573706f6e736962696c697479223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c226f74686572223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c227772697474656e5f6f6666223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c22736861726573223a7b2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c227772697474656e5f6f6666223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c22756e64656369646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f76657270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d7d2c22696e737572657273223a5b7b2270617965725f6964223a2230316132326335642d396666622d373434332d616662652d376264383461666662376631222c2270617965725f6e616d65223a2244656c7461222c2270617965725f73657175656e6365223a227072696d617279222c2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d7d5d2c22657374696d61746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226c696e6573223a5b7b2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c227772697474656e5f6f6666223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c22756e64656369646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f76657270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22696e766f6963655f6c696e655f6964223a2230316132326335642d613164632d373731642d616539312d333161653866393834336332222c22666565223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d7d5d2c22726576696577223a5b5d7d', NULL, NULL, '2026-11-30 12:11:05.141731+00', NULL),
	(12, '01a22c5d-a82e-77bc-bf7b-3c56706ece0f', 'billing.invoices.v1', '01a22c5d-a361-7739-9eb5-eb524ad677e9', 'billing.adjudication.applied.v1', '01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 4, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c226465636973696f6e5f6964223a2230316132326335642d613665362d373262352d383639662d643038626166386566623636222c22636c61696d5f6964223a2230316132326335642d613665362d373262352d383639662d643038616434353335326366222c22696e766f6963655f6964223a2230316132326335642d613338392d373464342d623436382d383665323334323531613334222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303032222c2270617469656e745f6964223a2230316132326335642d613336312d373733392d396562352d656235323461643637376539222c2270617965725f6964223a2230316132326335642d396666622d373434332d616662652d376264383461666662376631222c2270617965725f6e616d65223a2244656c7461222c2270617965725f73657175656e6365223a227072696d617279222c2272656d697474616e63655f7265666572656e6365223a6e756c6c2c22636861726765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c22636f6e747261637475616c223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f726573706f6e736962696c697479223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c226f74686572223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c227772697474656e5f6f6666223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c22736861726573223a7b2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c227772697474656e5f6f6666223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c22756e64656369646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f76657270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d7d2c22696e737572657273223a5b7b2270617965725f6964223a2230316132326335642d396666622d373434332d616662652d376264383461666662376631222c2270617965725f6e616d65223a2244656c7461222c2270617965725f73657175656e6365223a227072696d617279222c2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d7d5d2c22657374696d61746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226c696e6573223a5b7b2270616964223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c227772697474656e5f6f6666223a7b22616d6f756e74223a2232352e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c22756e64656369646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f76657270616964223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22696e766f6963655f6c696e655f6964223a2230316132326335642d613338392d373464342d623436382d383665336634393364633165222c22666565223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d7d5d2c22726576696577223a5b5d7d', NULL, NULL, '2026-11-30 12:11:05.141738+00', NULL),
	(13, '01a22c5d-aeb7-76d3-ba77-31dc287b04aa', 'billing.invoices.v1', '01a22c5d-a41f-77c6-ade1-b84563555c45', 'billing.invoice.credited.v1', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 3, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22696e766f6963655f6964223a2230316132326335642d613434372d373765342d386233352d663262343663373165633865222c2270617469656e745f6964223a2230316132326335642d613431662d373763362d616465312d623834353633353535633435222c226e756d626572223a22434e2d323032362d303030303033222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303034222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a2261732061736b6564222c22726566756e645f6964223a6e756c6c2c22756e646f65735f6964223a6e756c6c2c226465636973696f6e5f6964223a6e756c6c2c22707572706f7365223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a6e756c6c2c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a2261732061736b6564222c226e6574223a7b22616d6f756e74223a2233302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2233302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2233302e3030222c2263757272656e6379223a22555344227d2c226c696e65735f6c656674223a5b7b226c696e655f6964223a2230316132326335642d613434372d373765342d386233352d663262353437666235376437222c226c656674223a7b22616d6f756e74223a2237302e3030222c2263757272656e6379223a22555344227d7d5d2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a2261732061736b6564227d2c226372656469745f6e6f74655f6964223a2230316132326335642d616539642d373763622d616565382d373137616432366136346166222c226b696e64223a22636f757274657379227d', '00-d9480bd7d446e58d23b6d2513177077b-b8b2535dd8d9d7bd-00', NULL, '2026-11-30 12:11:06.827723+00', NULL),
	(14, '01a22c5d-af46-7196-a3d4-c776f9424e43', 'billing.invoices.v1', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'billing.invoice.credited.v1', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 4, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22696e766f6963655f6964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c226e756d626572223a22434e2d323032362d303030303034222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303033222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a2261732061736b6564222c22726566756e645f6964223a6e756c6c2c22756e646f65735f6964223a6e756c6c2c226465636973696f6e5f6964223a6e756c6c2c22707572706f7365223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a6e756c6c2c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a2261732061736b6564222c226e6574223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c226c696e65735f6c656674223a5b7b226c696e655f6964223a2230316132326335642d613365362d373133652d383236652d363763663137366238396265222c226c656674223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d7d5d2c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a2261732061736b6564227d2c226372656469745f6e6f74655f6964223a2230316132326335642d616633312d373535642d383463362d613537383035653234313831222c226b696e64223a22636f757274657379227d', '00-5fcb6c8fe225d878d2f36bdeaf9773c1-508fd39935b2054b-00', NULL, '2026-11-30 12:11:06.958204+00', NULL),
	(15, '01a22c5d-b5bc-75e2-94f8-c8c8a7208225', 'billing.invoices.v1', '01a22c5d-a526-772b-b554-3370f4ba8e2d', 'billing.installment_plan.agreed.v1', '01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22706c616e5f6964223a2230316132326335642d623531332d373432302d393736652d633536343262653865653563222c2276657273696f6e223a312c22696e766f6963655f6964223a2230316132326335642d613535382d373266622d393864662d316431643832356136333034222c2270617469656e745f6964223a2230316132326335642d613532362d373732622d623535342d333337306634626138653264222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303036222c226167726565645f6f6e223a22323032362d31312d3233222c22746f74616c223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e7473223a5b7b22696e7374616c6c6d656e745f6964223a2230316132326335642d623531332d373432302d393736652d633536356638663137343864222c22706f736974696f6e223a312c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032362d31322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2233332e3334222c2263757272656e6379223a22555344227d7d2c7b22696e7374616c6c6d656e745f6964223a2230316132326335642d623531332d373432302d393736652d633536366361613434643532222c22706f736974696f6e223a322c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032372d30312d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d7d2c7b22696e7374616c6c6d656e745f6964223a2230316132326335642d623531332d373432302d393736652d633536373634336232373161222c22706f736974696f6e223a332c226b696e64223a22696e7374616c6c6d656e74222c226475655f64617465223a22323032372d30322d3234222c22616d6f756e74223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c2272656d61696e696e67223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d2c2270617469656e745f70617274223a7b22616d6f756e74223a2233332e3333222c2263757272656e6379223a22555344227d7d5d2c2265786163745f6361757365223a22616772656564222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-e96be338ed93b5c01cc1cc7c39f31859-fc69d943ea07321b-00', NULL, '2026-11-30 12:11:08.60546+00', NULL),
	(16, '01a22c5d-b62c-708d-9fa9-cecd80cb0c0d', 'billing.invoices.v1', '01a22c5d-a526-772b-b554-3370f4ba8e2d', 'billing.invoice.drafted.v1', '01a22c5d-b61b-75c1-8318-355c490d30ca', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22696e766f6963655f6964223a2230316132326335642d623631622d373563312d383331382d333535633439306433306361222c2270617469656e745f6964223a2230316132326335642d613532362d373732622d623535342d333337306634626138653264222c226170706f696e746d656e745f6964223a6e756c6c2c22746f74616c223a7b22616d6f756e74223a223132302e3030222c2263757272656e6379223a22555344227d2c226c696e6573223a312c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d7d', '00-4441c84dcb5c5855296bb43765f352e1-e3fb5af21c414875-00', NULL, '2026-11-30 12:11:08.736632+00', NULL),
	(17, '01a22c5d-b84f-7510-9782-2b2a438e9874', 'billing.invoices.v1', '01a22c5d-a486-71d7-9365-0265c87faa80', 'billing.invoice.credited.v1', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 5, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c226e756d626572223a22434e2d323032362d303030303035222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303035222c2269737375655f64617465223a22323032362d31312d3233222c22726561736f6e223a22526566756e64222c22726566756e645f6964223a2230316132326335642d623333622d373462312d386162362d363364343732656663633439222c22756e646f65735f6964223a6e756c6c2c226465636973696f6e5f6964223a6e756c6c2c22707572706f7365223a6e756c6c2c226c696e6573223a5b7b22696e766f6963655f6c696e655f6964223a6e756c6c2c2264656269745f6e6f74655f6964223a6e756c6c2c226465736372697074696f6e223a22526566756e64222c226e6574223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c227461785f63617465676f7279223a2245222c227461785f72617465223a2230222c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226578656d7074696f6e5f726561736f6e223a224578656d70742066726f6d207461783a206d65646963616c20616e642064656e74616c2063617265227d5d2c226e6574223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22746178223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22636173685f726f756e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22746f74616c223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c226c696e65735f6c656674223a5b7b226c696e655f6964223a2230316132326335642d613463392d373633352d386162632d613434633830333634616536222c226c656674223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d7d5d2c226279223a7b227375626a656374223a22636f6e73756d65723a696e766f6963696e67222c22726561736f6e223a22526566756e64227d2c226372656469745f6e6f74655f6964223a2230316132326335642d623830302d373137362d396533652d356531613161333537303738222c226b696e64223a22726566756e645f61646a7573746d656e74227d', NULL, NULL, '2026-11-30 12:11:09.265475+00', NULL);
INSERT INTO public.patient_words (clinic_id, patient_id, word) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '20417'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'c20417'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'nunez'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'okafor'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'amara'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'okafornunez'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'c');
INSERT INTO public.patients (clinic_id, patient_id, version, given_name, family_name, birth_date, chart_number, gender, coverages, address, forgotten_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 2, 'Amara', 'Okafor-Núñez', '1987-04-09', 'C-20417', 'F', '[{"payer_id": "019ab7c0-0004-7000-8000-000000000001", "group_name": "Springfield Schools", "payer_name": "Harbor Dental Mutual", "subscriber": {"gender": "M", "address": {"city": "Springfield", "lines": ["12 Harbor Street", "Apt 4"], "region": "MA", "country": "US", "postal_code": "01103"}, "birth_date": "1985-02-17", "given_name": "Tomás", "family_name": "Núñez"}, "group_number": "GRP-4471", "relationship": "01", "subscriber_id": "W1180027741", "payer_sequence": "primary", "filing_indicator": "CI", "payer_identifier": "66001"}]', '{"city": "Springfield", "lines": ["12 Harbor Street", "Apt 4"], "region": "MA", "country": "US", "postal_code": "01103"}', NULL),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000002', 0, '', '', NULL, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00');
INSERT INTO public.set_aside_decisions (id, clinic_id, decision_id, claim_id, invoice_id, patient_id, payer_id, payer_name, remittance_id, cause, detail, document, state, set_aside_at, closed_at, closed_by, closed_because) VALUES
	('01a22c5d-89e7-71fc-9ca9-8c803cc5426c', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000c-7000-8000-000000000002', '019ab7c0-000c-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-0004-7000-8000-000000000001', 'Harbor Dental Mutual', NULL, 'unknown_invoice', 'no invoice 019ab7c0-0008-7000-8000-000000000001 is issued here (yet)', '{"paid": {"amount": "200.10", "currency": "USD"}, "lines": [{"paid": {"amount": "62.50", "currency": "USD"}, "doubt": null, "charge": {"amount": "62.50", "currency": "USD"}, "allowed": null, "line_id": "019ab7c0-0009-7000-8000-000000000001", "adjustments": []}, {"paid": {"amount": "137.60", "currency": "USD"}, "doubt": null, "charge": {"amount": "193.50", "currency": "USD"}, "allowed": null, "line_id": "019ab7c0-0009-7000-8000-000000000002", "adjustments": [{"group": "CO", "amount": {"amount": "21.50", "currency": "USD"}, "reason_code": "45"}, {"group": "PR", "amount": {"amount": "34.40", "currency": "USD"}, "reason_code": "2"}]}], "charge": {"amount": "256.00", "currency": "USD"}, "claim_id": "019ab7c0-000c-7000-8000-000000000001", "payer_id": "019ab7c0-0004-7000-8000-000000000001", "sequence": "primary", "clinic_id": "019ab7c0-0001-7000-8000-000000000001", "decided_at": "2026-11-24T11:30:00+00:00", "invoice_id": "019ab7c0-0008-7000-8000-000000000001", "patient_id": "019ab7c0-0002-7000-8000-000000000001", "payer_name": "Harbor Dental Mutual", "decision_id": "019ab7c0-000c-7000-8000-000000000002", "remittance_id": null, "payer_identifier": "66001", "remittance_reference": "HDM-20261124-7731"}', 'open', '2026-11-23 15:00:00+00', NULL, NULL, NULL);
INSERT INTO public.settlements (event_id, ordinal, clinic_id, invoice_id, transaction_id, payment_id, kind, change_minor, credited_minor, installment_id, method, payer_kind, booked_on, occurred_at, refund_id, by_subject, reason, invoice_version, payer_id, decided_minor, place, settled_with_refunds_minor) VALUES
	('01a22c5d-ad4a-7495-9d26-58ec82399280', 0, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-ad05-70f8-adda-bf48520f6511', '01a22c5d-ad05-70f8-adda-bf48520f6511', 'payment', 10000, 0, NULL, 'cash', 'patient', '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'clerk:test', NULL, 3, NULL, 0, 2, 10000),
	('01a22c5d-acc4-7180-9ebf-5d24da966191', 0, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', 'payment', 1500, 0, NULL, 'cash', 'patient', '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'clerk:test', NULL, 5, NULL, 0, 4, 7500),
	('01a22c5d-abfe-71be-af18-6484c3e2ec2d', 0, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', 'payment', 6000, 0, NULL, 'insurance', 'insurer', '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'clerk:test', NULL, 5, '01a22c5d-9ffb-7443-afbe-7bd84affb7f1', 0, 3, 6000),
	('01a22c5d-b0ee-72b8-8045-077f111afad6', 0, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-b0c1-70d8-9b83-264cfe9c2e9f', '01a22c5d-ad05-70f8-adda-bf48520f6511', 'release', -2000, 0, NULL, NULL, NULL, NULL, '2026-11-23 15:00:00+00', NULL, 'consumer:payments', 'credit note CN-2026-000004', 5, NULL, 0, 4, 8000),
	('01a22c5d-b292-7669-bcfa-4f309c50b4ab', 0, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-b281-7642-b09a-282bc27ffc04', '01a22c5d-b281-7642-b09a-282bc27ffc04', 'payment', 8000, 0, NULL, 'bank_card', 'patient', '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'clerk:test', NULL, 3, NULL, 0, 2, 8000),
	('01a22c5d-b35b-76bb-80dd-e1ede34763be', 0, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-b33b-74b1-8ab6-63d472efcc49', '01a22c5d-b281-7642-b09a-282bc27ffc04', 'refund', -2000, 2000, NULL, 'bank_card', 'patient', '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'clerk:test', NULL, 4, NULL, 2000, 3, 8000);
INSERT INTO public.treatment_plan_items (clinic_id, item_id, treatment_plan_id, "position", code_system, code, description, tooth, surface, fee_minor, fee_currency, invoice_id, procedure_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0006-7000-8000-000000000002', '019ab7c0-0006-7000-8000-000000000001', 1, 'SNOMED-CT', '1256042007', 'Crown, all cusps', '46', NULL, 118000, 'USD', NULL, NULL);
INSERT INTO public.treatment_plans (clinic_id, treatment_plan_id, patient_id, name, sequence, accepted_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0006-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'Crown on 46', 2, '2026-11-20 15:01:00+00');
SELECT pg_catalog.setval('public.dead_letters_id_seq', 12, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 17, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.billable_procedures
    ADD CONSTRAINT billable_procedures_pkey PRIMARY KEY (clinic_id, procedure_id);
ALTER TABLE ONLY public.clinic_directory
    ADD CONSTRAINT clinic_directory_pkey PRIMARY KEY (clinic_id);
ALTER TABLE ONLY public.clinic_versions
    ADD CONSTRAINT clinic_versions_pkey PRIMARY KEY (clinic_id, version);
ALTER TABLE ONLY public.clinics
    ADD CONSTRAINT clinics_pkey PRIMARY KEY (clinic_id);
ALTER TABLE ONLY public.closed_appointments
    ADD CONSTRAINT closed_appointments_pkey PRIMARY KEY (clinic_id, appointment_id);
ALTER TABLE ONLY public.collected_by_month
    ADD CONSTRAINT collected_by_month_clinic_id_month_provider_id_kind_code_sy_key UNIQUE NULLS NOT DISTINCT (clinic_id, month, provider_id, kind, code_system, code);
ALTER TABLE ONLY public.collected_months
    ADD CONSTRAINT collected_months_pkey PRIMARY KEY (clinic_id, month);
ALTER TABLE ONLY public.credit_requests
    ADD CONSTRAINT credit_requests_note_id_key UNIQUE (note_id);
ALTER TABLE ONLY public.credit_requests
    ADD CONSTRAINT credit_requests_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.currencies_in_use
    ADD CONSTRAINT currencies_in_use_pkey PRIMARY KEY (clinic_id, currency);
ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.debit_proposals
    ADD CONSTRAINT debit_proposals_pkey PRIMARY KEY (clinic_id, id);
ALTER TABLE ONLY public.decision_adjustments
    ADD CONSTRAINT decision_adjustments_pkey PRIMARY KEY (clinic_id, decision_id, "position", ordinal);
ALTER TABLE ONLY public.decision_lines
    ADD CONSTRAINT decision_lines_clinic_id_decision_id_invoice_line_id_key UNIQUE (clinic_id, decision_id, invoice_line_id);
ALTER TABLE ONLY public.decision_lines
    ADD CONSTRAINT decision_lines_pkey PRIMARY KEY (clinic_id, decision_id, "position");
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_clinic_id_decision_id_key UNIQUE (clinic_id, decision_id);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.due_announcements
    ADD CONSTRAINT due_announcements_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.forgotten_keys
    ADD CONSTRAINT forgotten_keys_pkey PRIMARY KEY (clinic_id, key);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (clinic_id, key);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);
ALTER TABLE ONLY public.installment_dues
    ADD CONSTRAINT installment_dues_pkey PRIMARY KEY (installment_id);
ALTER TABLE ONLY public.installment_plan_versions
    ADD CONSTRAINT installment_plan_versions_pkey PRIMARY KEY (plan_id, version);
ALTER TABLE ONLY public.installment_plans
    ADD CONSTRAINT installment_plans_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.installments
    ADD CONSTRAINT installments_pkey PRIMARY KEY (plan_id, version, "position");
ALTER TABLE ONLY public.installments
    ADD CONSTRAINT installments_plan_id_version_installment_id_key UNIQUE (plan_id, version, installment_id);
ALTER TABLE ONLY public.invoice_lines
    ADD CONSTRAINT invoice_lines_pkey PRIMARY KEY (id);
ALTER TABLE public.invoice_lines
    ADD CONSTRAINT invoice_lines_quantity_check CHECK ((quantity <> (0)::numeric)) NOT VALID;
ALTER TABLE ONLY public.invoice_words
    ADD CONSTRAINT invoice_words_pkey PRIMARY KEY (invoice_id, word);
ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (id);
ALTER TABLE public.installment_plan_versions
    ADD CONSTRAINT known_cause CHECK ((cause = ANY (ARRAY['agreed'::text, 'rescheduled'::text, 'installment_moved'::text, 'installment_cancelled'::text, 'invoice_credited'::text, 'invoice_debited'::text, 'cancelled'::text, 'invoice_voided'::text, 'divided_anew'::text]))) NOT VALID;
ALTER TABLE ONLY public.merged_records
    ADD CONSTRAINT merged_records_pkey PRIMARY KEY (clinic_id, record_id);
ALTER TABLE ONLY public.note_lines
    ADD CONSTRAINT note_lines_pkey PRIMARY KEY (note_id, "position");
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_clinic_id_side_series_number_key UNIQUE (clinic_id, side, series_number);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_refund_id_invoice_id_side_key UNIQUE (refund_id, invoice_id, side);
ALTER TABLE public.notes
    ADD CONSTRAINT notes_total_not_below_zero CHECK ((total_minor >= 0)) NOT VALID;
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_undoes_id_key UNIQUE (undoes_id);
ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_pkey PRIMARY KEY (clinic_id, series);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.patient_words
    ADD CONSTRAINT patient_words_pkey PRIMARY KEY (clinic_id, patient_id, word);
ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (clinic_id, patient_id);
ALTER TABLE ONLY public.payer_identities
    ADD CONSTRAINT payer_identities_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.price_list_versions
    ADD CONSTRAINT price_list_versions_pkey PRIMARY KEY (clinic_id, price_list_id, version);
ALTER TABLE ONLY public.price_lists
    ADD CONSTRAINT price_lists_pkey PRIMARY KEY (clinic_id, id);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);
ALTER TABLE public.clinic_versions
    ADD CONSTRAINT says_why CHECK (((version = 1) OR (COALESCE(reason, ''::text) ~ '\S'::text))) NOT VALID;
ALTER TABLE ONLY public.set_aside_decisions
    ADD CONSTRAINT set_aside_decisions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (event_id, ordinal);
ALTER TABLE ONLY public.treatment_plan_items
    ADD CONSTRAINT treatment_plan_items_pkey PRIMARY KEY (clinic_id, item_id);
ALTER TABLE ONLY public.treatment_plans
    ADD CONSTRAINT treatment_plans_pkey PRIMARY KEY (clinic_id, treatment_plan_id);
ALTER TABLE ONLY public.untold_estimates
    ADD CONSTRAINT untold_estimates_pkey PRIMARY KEY (clinic_id);
CREATE INDEX billable_procedures_of_appointment ON public.billable_procedures USING btree (clinic_id, appointment_id, procedure_id) WHERE (appointment_id IS NOT NULL);
CREATE INDEX billable_procedures_of_invoice ON public.billable_procedures USING btree (invoice_id) WHERE (invoice_id IS NOT NULL);
CREATE INDEX billable_procedures_of_patient ON public.billable_procedures USING btree (clinic_id, patient_id, procedure_id);
CREATE INDEX billable_procedures_open ON public.billable_procedures USING btree (clinic_id, patient_id, procedure_id) WHERE ((invoice_id IS NULL) AND (reverted_at IS NULL));
CREATE INDEX billable_procedures_with_words ON public.billable_procedures USING btree (clinic_id, reverted_at) WHERE ((invoice_id IS NULL) AND ((num_nonnulls(revert_reason, claim) > 0) OR (description <> 'its years are over'::text)));
CREATE INDEX closed_appointments_with_words ON public.closed_appointments USING btree (clinic_id, closed_at) WHERE (payer_name IS NOT NULL);
CREATE INDEX credit_requests_of_clinic ON public.credit_requests USING btree (clinic_id, state, id);
CREATE INDEX credit_requests_of_invoice ON public.credit_requests USING btree (invoice_id);
CREATE INDEX credit_requests_with_words ON public.credit_requests USING btree (clinic_id, decided_at) WHERE ((reason <> 'its years are over'::text) OR (decision_reason <> 'its years are over'::text));
CREATE INDEX dead_letters_dismissed ON public.dead_letters USING btree (resolved_at) WHERE ((state = 'dismissed'::text) AND (octet_length(data) > 0));
CREATE INDEX dead_letters_due ON public.dead_letters USING btree (next_attempt_at) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX dead_letters_once ON public.dead_letters USING btree (consumer, event_id) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));
CREATE INDEX dead_letters_open ON public.dead_letters USING btree (consumer, topic, key, id) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));
CREATE INDEX debit_proposals_with_words ON public.debit_proposals USING btree (clinic_id, closed_at) WHERE (closed_because <> 'its years are over'::text);
CREATE INDEX decision_lines_of_invoice ON public.decision_lines USING btree (invoice_id, invoice_line_id);
CREATE INDEX decisions_newest ON public.decisions USING btree (clinic_id, id);
CREATE INDEX decisions_of_claim ON public.decisions USING btree (clinic_id, claim_id, id);
CREATE INDEX decisions_of_invoice ON public.decisions USING btree (invoice_id, id);
CREATE INDEX decisions_of_patient ON public.decisions USING btree (clinic_id, patient_id, id);
CREATE INDEX decisions_of_payer ON public.decisions USING btree (clinic_id, payer_id, id);
CREATE INDEX decisions_of_reference ON public.decisions USING btree (clinic_id, remittance_reference, id) WHERE (remittance_reference IS NOT NULL);
CREATE INDEX decisions_of_remittance ON public.decisions USING btree (clinic_id, remittance_id, id) WHERE (remittance_id IS NOT NULL);
CREATE INDEX due_announcements_of_invoice ON public.due_announcements USING btree (invoice_id);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING brin (created_at);
CREATE INDEX installment_dues_next ON public.installment_dues USING btree (clinic_id, step, due_date) WHERE (step < 4);
CREATE INDEX installment_dues_of_invoice ON public.installment_dues USING btree (invoice_id);
CREATE INDEX installment_dues_unknown ON public.installment_dues USING btree (clinic_id, plan_id) WHERE (unpaid_minor IS NULL);
CREATE INDEX installment_dues_unpaid ON public.installment_dues USING btree (clinic_id, due_date) WHERE (unpaid_minor > 0);
CREATE INDEX installment_plan_versions_with_words ON public.installment_plan_versions USING btree (clinic_id, made_at) WHERE (reason IS NOT NULL);
CREATE UNIQUE INDEX installment_plans_live ON public.installment_plans USING btree (invoice_id) WHERE (NOT ended);
CREATE INDEX installment_plans_newest ON public.installment_plans USING btree (clinic_id, id);
CREATE INDEX installment_plans_of_invoice ON public.installment_plans USING btree (invoice_id, id);
CREATE INDEX installment_plans_of_patient ON public.installment_plans USING btree (clinic_id, patient_id, id);
CREATE INDEX installments_by_id ON public.installments USING btree (installment_id);
CREATE INDEX invoice_lines_estimated ON public.invoice_lines USING btree (invoice_id) WHERE (estimates IS NOT NULL);
CREATE INDEX invoice_lines_of_invoice ON public.invoice_lines USING btree (invoice_id, "position");
CREATE INDEX invoice_lines_of_plan ON public.invoice_lines USING btree (clinic_id, treatment_plan_id) WHERE (treatment_plan_id IS NOT NULL);
CREATE INDEX invoice_words_found ON public.invoice_words USING btree (clinic_id, word, invoice_id);
CREATE INDEX invoices_by_day ON public.invoices USING btree (clinic_id, issue_date, id) WHERE (issue_date IS NOT NULL);
CREATE INDEX invoices_by_void_day ON public.invoices USING btree (clinic_id, voided_on) WHERE (voided_on IS NOT NULL);
CREATE INDEX invoices_credited ON public.invoices USING btree (clinic_id, id) WHERE ((status = 'issued'::text) AND (NOT ((total_minor + debited_minor) > (credited_minor + settled_minor))) AND (credited_minor > 0) AND (credited_minor >= (total_minor + debited_minor)) AND (NOT ((forgiven_minor > 0) OR ((contractual_minor > 0) AND (credited_minor > 0) AND (credited_minor >= (total_minor + debited_minor))))));
CREATE INDEX invoices_draft ON public.invoices USING btree (clinic_id, id) WHERE (status = 'draft'::text);
CREATE INDEX invoices_drafts ON public.invoices USING btree (clinic_id, changed_at) WHERE (status = 'draft'::text);
CREATE INDEX invoices_issued ON public.invoices USING btree (clinic_id, id) WHERE ((status = 'issued'::text) AND ((total_minor + debited_minor) > (credited_minor + settled_minor)) AND (settled_minor <= 0));
CREATE INDEX invoices_newest ON public.invoices USING btree (clinic_id, id);
CREATE UNIQUE INDEX invoices_number ON public.invoices USING btree (clinic_id, series_number);
CREATE INDEX invoices_of_appointment ON public.invoices USING btree (clinic_id, appointment_id) WHERE (appointment_id IS NOT NULL);
CREATE INDEX invoices_of_patient ON public.invoices USING btree (clinic_id, patient_id, id);
CREATE INDEX invoices_open ON public.invoices USING btree (clinic_id, overdue_after, id) WHERE ((status = 'issued'::text) AND ((total_minor + debited_minor) > (credited_minor + settled_minor)));
CREATE UNIQUE INDEX invoices_open_draft ON public.invoices USING btree (clinic_id, appointment_id) WHERE ((status = 'draft'::text) AND (origin = 'appointment'::text));
CREATE INDEX invoices_paid ON public.invoices USING btree (clinic_id, id) WHERE ((status = 'issued'::text) AND (NOT ((total_minor + debited_minor) > (credited_minor + settled_minor))) AND (NOT ((credited_minor > 0) AND (credited_minor >= (total_minor + debited_minor)))) AND (forgiven_minor <= 0));
CREATE INDEX invoices_partially_paid ON public.invoices USING btree (clinic_id, id) WHERE ((status = 'issued'::text) AND ((total_minor + debited_minor) > (credited_minor + settled_minor)) AND (settled_minor > 0));
CREATE INDEX invoices_printed_number ON public.invoices USING btree (clinic_id, number) WHERE (number IS NOT NULL);
CREATE INDEX invoices_turning_overdue ON public.invoices USING btree (clinic_id, due_date) WHERE ((status = 'issued'::text) AND ((total_minor + debited_minor) > (credited_minor + settled_minor)) AND (overdue_announced_on IS NULL) AND (installment_plan_id IS NULL));
CREATE INDEX invoices_void ON public.invoices USING btree (clinic_id, id) WHERE (status = 'void'::text);
CREATE INDEX invoices_with_words ON public.invoices USING btree (clinic_id, voided_on) WHERE (void_reason <> 'its years are over'::text);
CREATE INDEX invoices_written_off ON public.invoices USING btree (clinic_id, id) WHERE ((status = 'issued'::text) AND (NOT ((total_minor + debited_minor) > (credited_minor + settled_minor))) AND ((forgiven_minor > 0) OR ((contractual_minor > 0) AND (credited_minor > 0) AND (credited_minor >= (total_minor + debited_minor)))));
CREATE INDEX issued_with_words ON public.invoices USING btree (clinic_id, issue_date) WHERE ((status <> 'draft'::text) AND (NOT words_ended));
CREATE INDEX merged_records_by_into ON public.merged_records USING btree (clinic_id, into_id);
CREATE INDEX merged_records_by_survivor ON public.merged_records USING btree (clinic_id, survivor_id);
CREATE INDEX months_with_words ON public.collected_by_month USING btree (clinic_id, month) WHERE (description IS NOT NULL);
CREATE INDEX notes_by_day ON public.notes USING btree (clinic_id, issue_date);
CREATE UNIQUE INDEX notes_of_decision ON public.notes USING btree (clinic_id, decision_id, side) WHERE (decision_id IS NOT NULL);
CREATE INDEX notes_of_invoice ON public.notes USING btree (invoice_id, id);
CREATE INDEX notes_with_words ON public.notes USING btree (clinic_id, issue_date) WHERE (reason <> 'its years are over'::text);
CREATE INDEX outbox_published ON public.outbox USING brin (published_at);
CREATE INDEX outbox_unpublished ON public.outbox USING btree (id) WHERE (published_at IS NULL);
CREATE INDEX patient_words_found ON public.patient_words USING btree (clinic_id, word, patient_id);
CREATE INDEX patients_by_birth ON public.patients USING btree (clinic_id, birth_date, patient_id) WHERE (birth_date IS NOT NULL);
CREATE INDEX payer_identities_of_payer ON public.payer_identities USING btree (clinic_id, stated_payer_id, id);
CREATE UNIQUE INDEX price_list_entries_of_code ON public.price_list_entries USING btree (clinic_id, price_list_id, code, code_system, valid_from, version DESC) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX price_lists_default ON public.price_lists USING btree (clinic_id) WHERE (is_default AND (NOT archived));
CREATE UNIQUE INDEX price_lists_membership ON public.price_lists USING btree (clinic_id, lower(membership)) WHERE (NOT archived);
CREATE UNIQUE INDEX price_lists_payer ON public.price_lists USING btree (clinic_id, payer_id) WHERE (NOT archived);
CREATE INDEX refunds_settled ON public.settlements USING btree (clinic_id, transaction_id) WHERE (kind = 'refund'::text);
CREATE INDEX reviews_listed ON public.reviews USING btree (clinic_id, id);
CREATE UNIQUE INDEX reviews_open ON public.reviews USING btree (clinic_id, invoice_id, cause, procedure_id) NULLS NOT DISTINCT WHERE (closed_at IS NULL);
CREATE INDEX reviews_with_words ON public.reviews USING btree (clinic_id, closed_at) WHERE (closed_because <> 'its years are over'::text);
CREATE INDEX set_aside_decisions_awaiting ON public.set_aside_decisions USING btree (clinic_id, id) WHERE ((state = 'open'::text) AND (cause = 'unknown_invoice'::text));
CREATE INDEX set_aside_decisions_newest ON public.set_aside_decisions USING btree (clinic_id, id);
CREATE INDEX set_aside_decisions_of_invoice ON public.set_aside_decisions USING btree (invoice_id);
CREATE INDEX set_aside_decisions_of_patient ON public.set_aside_decisions USING btree (clinic_id, patient_id, id);
CREATE INDEX set_aside_decisions_of_remittance ON public.set_aside_decisions USING btree (clinic_id, remittance_id, id) WHERE (remittance_id IS NOT NULL);
CREATE UNIQUE INDEX set_aside_decisions_open ON public.set_aside_decisions USING btree (clinic_id, decision_id) WHERE (state = 'open'::text);
CREATE INDEX set_aside_decisions_waiting ON public.set_aside_decisions USING btree (clinic_id, id) WHERE (state = 'open'::text);
CREATE INDEX set_aside_decisions_with_words ON public.set_aside_decisions USING btree (clinic_id, closed_at) WHERE (closed_because <> 'its years are over'::text);
CREATE INDEX settlements_by_time ON public.settlements USING btree (clinic_id, occurred_at);
CREATE INDEX settlements_of_invoice ON public.settlements USING btree (invoice_id, occurred_at);
CREATE INDEX settlements_with_words ON public.settlements USING btree (clinic_id, occurred_at) WHERE (reason IS NOT NULL);
CREATE INDEX treatment_plan_items_of_invoice ON public.treatment_plan_items USING btree (invoice_id) WHERE (invoice_id IS NOT NULL);
CREATE INDEX treatment_plan_items_of_plan ON public.treatment_plan_items USING btree (clinic_id, treatment_plan_id, "position");
CREATE INDEX treatment_plan_items_of_procedure ON public.treatment_plan_items USING btree (procedure_id) WHERE (procedure_id IS NOT NULL);
CREATE INDEX treatment_plans_of_patient ON public.treatment_plans USING btree (clinic_id, patient_id, treatment_plan_id);
CREATE INDEX treatment_plans_with_words ON public.treatment_plans USING btree (clinic_id, accepted_at) WHERE (name <> 'its years are over'::text);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.clinic_versions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.currencies_in_use FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.decision_adjustments FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.decision_lines FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.decisions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.due_announcements FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.forgotten_keys FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.installment_plan_versions FOR EACH ROW EXECUTE FUNCTION public.refuse_all_but_ending('made_at', 'reason');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.installments FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.note_lines FOR EACH ROW EXECUTE FUNCTION public.refuse_all_but_ending('note_id', 'description');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.notes FOR EACH ROW EXECUTE FUNCTION public.refuse_all_but_ending('issue_date', 'reason');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.payer_identities FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.price_list_entries FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.price_list_versions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.settlements FOR EACH ROW EXECUTE FUNCTION public.refuse_all_but_ending('occurred_at', 'reason');
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.clinic_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.currencies_in_use FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.decision_adjustments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.decision_lines FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.decisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.due_announcements FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.forgotten_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.installment_plan_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.installments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.note_lines FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.notes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.payer_identities FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.price_list_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.price_list_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.settlements FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER keep_issued_adjustments BEFORE UPDATE ON public.invoices FOR EACH ROW WHEN (((old.words_ended = new.words_ended) AND (old.status <> 'draft'::text) AND (((old.discounts IS DISTINCT FROM new.discounts) OR (old.charges IS DISTINCT FROM new.charges)) OR (old.document_discount_tax_code IS DISTINCT FROM new.document_discount_tax_code)))) EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER keep_issued_from_deletion BEFORE DELETE ON public.invoices FOR EACH ROW WHEN ((old.status <> 'draft'::text)) EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER keep_issued_on_change BEFORE UPDATE ON public.invoices FOR EACH ROW WHEN (((old.words_ended = new.words_ended) AND (((old.status <> 'draft'::text) AND (((((((((((((((((old.number IS DISTINCT FROM new.number) OR (old.issue_date IS DISTINCT FROM new.issue_date)) OR (old.due_date IS DISTINCT FROM new.due_date)) OR (old.net_minor IS DISTINCT FROM new.net_minor)) OR (old.tax_minor IS DISTINCT FROM new.tax_minor)) OR (old.total_minor IS DISTINCT FROM new.total_minor)) OR (old.cash_rounding_minor IS DISTINCT FROM new.cash_rounding_minor)) OR (old.discount_minor IS DISTINCT FROM new.discount_minor)) OR (old.taxes IS DISTINCT FROM new.taxes)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.patient_id IS DISTINCT FROM new.patient_id)) OR (old.series_number IS DISTINCT FROM new.series_number)) OR (old.issued_at IS DISTINCT FROM new.issued_at)) OR (old.issued_by IS DISTINCT FROM new.issued_by)) OR (old.note IS DISTINCT FROM new.note)) OR (old.payer_id IS DISTINCT FROM new.payer_id)) OR (old.appointment_id IS DISTINCT FROM new.appointment_id))) OR ((old.status <> 'draft'::text) AND (new.status = 'draft'::text)) OR ((old.status = 'void'::text) AND (new.status <> 'void'::text))))) EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER overdue_by_the_plan BEFORE INSERT OR UPDATE OF installment_due_on, due_date ON public.invoices FOR EACH ROW EXECUTE FUNCTION public.overdue_by_the_plan();
CREATE TRIGGER words_added AFTER INSERT ON public.invoice_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.words_of_added_lines();
CREATE TRIGGER words_changed AFTER UPDATE OF number, note ON public.invoices FOR EACH ROW WHEN (((old.number IS DISTINCT FROM new.number) OR (old.note IS DISTINCT FROM new.note))) EXECUTE FUNCTION public.words_of_invoice();
CREATE TRIGGER words_changed AFTER UPDATE ON public.patients FOR EACH ROW WHEN ((((old.given_name IS DISTINCT FROM new.given_name) OR (old.family_name IS DISTINCT FROM new.family_name)) OR (old.chart_number IS DISTINCT FROM new.chart_number))) EXECUTE FUNCTION public.words_of_patient();
CREATE TRIGGER words_end BEFORE UPDATE ON public.invoices FOR EACH ROW WHEN ((old.words_ended IS DISTINCT FROM new.words_ended)) EXECUTE FUNCTION public.let_words_end();
CREATE TRIGGER words_gone AFTER DELETE ON public.invoices FOR EACH ROW EXECUTE FUNCTION public.words_of_deleted_invoice();
CREATE TRIGGER words_numbered AFTER INSERT ON public.notes FOR EACH ROW EXECUTE FUNCTION public.words_of_note();
CREATE TRIGGER words_said AFTER INSERT ON public.invoices FOR EACH ROW WHEN (((new.number IS NOT NULL) OR (new.note IS NOT NULL))) EXECUTE FUNCTION public.words_of_invoice();
CREATE TRIGGER words_said AFTER INSERT ON public.patients FOR EACH ROW EXECUTE FUNCTION public.words_of_patient();
CREATE TRIGGER words_taken AFTER DELETE ON public.invoice_lines REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION public.words_of_taken_lines();
ALTER TABLE ONLY public.collected_by_month
    ADD CONSTRAINT collected_by_month_clinic_id_month_fkey FOREIGN KEY (clinic_id, month) REFERENCES public.collected_months(clinic_id, month) ON DELETE CASCADE;
ALTER TABLE ONLY public.credit_requests
    ADD CONSTRAINT credit_requests_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE ONLY public.credit_requests
    ADD CONSTRAINT credit_requests_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.notes(id);
ALTER TABLE ONLY public.debit_proposals
    ADD CONSTRAINT debit_proposals_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.notes(id);
ALTER TABLE ONLY public.decision_lines
    ADD CONSTRAINT decision_lines_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE ONLY public.decision_lines
    ADD CONSTRAINT decision_lines_invoice_line_id_fkey FOREIGN KEY (invoice_line_id) REFERENCES public.invoice_lines(id);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE ONLY public.due_announcements
    ADD CONSTRAINT due_announcements_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE ONLY public.installment_dues
    ADD CONSTRAINT installment_dues_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.installment_plans(id);
ALTER TABLE ONLY public.installment_plan_versions
    ADD CONSTRAINT installment_plan_versions_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.notes(id);
ALTER TABLE ONLY public.installment_plan_versions
    ADD CONSTRAINT installment_plan_versions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.installment_plans(id);
ALTER TABLE ONLY public.installment_plans
    ADD CONSTRAINT installment_plans_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE ONLY public.installments
    ADD CONSTRAINT installments_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.installment_plans(id);
ALTER TABLE ONLY public.invoice_lines
    ADD CONSTRAINT invoice_lines_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.note_lines
    ADD CONSTRAINT note_lines_note_id_fkey FOREIGN KEY (note_id) REFERENCES public.notes(id);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_undoes_id_fkey FOREIGN KEY (undoes_id) REFERENCES public.notes(id);
ALTER TABLE ONLY public.price_list_entries
    ADD CONSTRAINT price_list_entries_clinic_id_price_list_id_version_fkey FOREIGN KEY (clinic_id, price_list_id, version) REFERENCES public.price_list_versions(clinic_id, price_list_id, version);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoices(id);
ALTER TABLE public.billable_procedures ENABLE ROW LEVEL SECURITY;
CREATE POLICY clinic ON public.billable_procedures USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.clinic_versions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.clinics USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.closed_appointments USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.collected_by_month USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.collected_months USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.credit_requests USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.currencies_in_use USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.dead_letters USING ((COALESCE(clinic_id, '00000000-0000-0000-0000-000000000000'::uuid) = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((COALESCE(clinic_id, '00000000-0000-0000-0000-000000000000'::uuid) = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.debit_proposals USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.decision_adjustments USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.decision_lines USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.decisions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.due_announcements USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.forgotten_keys USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.idempotency_keys USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installment_dues USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installment_plan_versions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installment_plans USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installments USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.invoice_lines USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.invoice_words USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.invoices USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.merged_records USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.note_lines USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.notes USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.number_series USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.outbox USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.patient_words USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.patients USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.payer_identities USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.price_list_entries USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.price_list_versions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.price_lists USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.reviews USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.set_aside_decisions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.settlements USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.treatment_plan_items USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.treatment_plans USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.untold_estimates USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
ALTER TABLE public.clinic_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.clinics ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.closed_appointments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.collected_by_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.collected_months ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.credit_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.currencies_in_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.debit_proposals ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.decision_adjustments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.decision_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.due_announcements ENABLE ROW LEVEL SECURITY;
CREATE POLICY expired_seen ON public.idempotency_keys FOR SELECT USING (((current_setting('app.sweeping'::text, true) = 'on'::text) AND (created_at < (now() - '7 days'::interval))));
CREATE POLICY expired_swept ON public.idempotency_keys FOR DELETE USING (((current_setting('app.sweeping'::text, true) = 'on'::text) AND (created_at < (now() - '7 days'::interval))));
ALTER TABLE public.forgotten_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installment_dues ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plan_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON public.dead_letters USING ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text)) WITH CHECK ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text));
CREATE POLICY machinery ON public.outbox USING ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text)) WITH CHECK ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text));
ALTER TABLE public.merged_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.note_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.number_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.patient_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payer_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.price_list_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.price_list_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.price_lists ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.set_aside_decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.settlements ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.treatment_plan_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.treatment_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.untold_estimates ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA public TO test_invoicing_app;
REVOKE ALL ON FUNCTION public.empty_expired_words(clinics uuid[], most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.empty_expired_words(clinics uuid[], most integer) TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.billable_procedures TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.clinic_directory TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.clinic_versions TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.clinics TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.closed_appointments TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.collected_by_month TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.collected_months TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.credit_requests TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.currencies_in_use TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_letters TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.debit_proposals TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.decision_adjustments TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.decision_lines TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.decisions TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.due_announcements TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.forgotten_keys TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.inbox TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.installment_dues TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.installment_plan_versions TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.installment_plans TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.installments TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invoice_lines TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.invoice_words TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invoices TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.merged_records TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.note_lines TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.notes TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.number_series TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.patient_words TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.patients TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.payer_identities TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.price_list_entries TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.price_list_versions TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.price_lists TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reviews TO test_invoicing_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.set_aside_decisions TO test_invoicing_app;
GRANT SELECT,INSERT ON TABLE public.settlements TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.treatment_plan_items TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.treatment_plans TO test_invoicing_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.untold_estimates TO test_invoicing_app;
