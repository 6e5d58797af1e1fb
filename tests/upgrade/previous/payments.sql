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
ALTER FUNCTION public.current_clinics() OWNER TO test_payments_owner;
CREATE FUNCTION public.empty_expired_words(clinics uuid[], most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DECLARE
     ids     uuid[];
     emptied bigint := 0;
   BEGIN
     SELECT array_agg(chosen.transaction_id) INTO ids FROM (
       SELECT t.transaction_id FROM kept_from(clinics) AS k JOIN transactions AS t ON t.clinic_id = k.clinic_id
        WHERE t.booked_on < k.from_day AND 
t.payer_kind <> 'insurer'
AND (t.payer_name IS NOT NULL OR t.external_reference IS NOT NULL OR t.reason <> 'its years are over')
          AND NOT EXISTS (SELECT FROM credit_parts AS p
                           WHERE p.payment_id = coalesce(t.payment_id, t.transaction_id) AND p.minor > 0)
        LIMIT most) AS chosen;
     UPDATE transactions SET payer_name = NULL, external_reference = NULL, reference_alike = NULL,
            reason = CASE WHEN reason IS NULL THEN NULL ELSE 'its years are over' END
      WHERE transaction_id = ANY (ids);
     emptied := coalesce(cardinality(ids), 0);
     SELECT array_agg(chosen.payment_id) INTO ids FROM (
       SELECT n.payment_id FROM kept_from(clinics) AS k CROSS JOIN LATERAL (
           SELECT p.payment_id FROM payment_positions AS p WHERE p.clinic_id = k.clinic_id AND p.note IS NOT NULL
            UNION
           SELECT r.payment_id FROM relabelings AS r
            WHERE r.clinic_id = k.clinic_id AND r.changed_on < k.from_day AND num_nonnulls(r.note_before, r.note_after, r.reason) > 0) AS n
         JOIN transactions AS t ON t.transaction_id = n.payment_id AND t.booked_on < k.from_day
        WHERE NOT EXISTS (SELECT FROM relabelings AS r WHERE r.payment_id = n.payment_id AND r.changed_on >= k.from_day)
        LIMIT most) AS chosen;
     UPDATE payment_positions SET note = NULL WHERE payment_id = ANY (ids) AND note IS NOT NULL;
     UPDATE relabelings AS r SET note_before = NULL, note_after = NULL, reason = NULL
      WHERE r.payment_id = ANY (ids) AND num_nonnulls(r.note_before, r.note_after, r.reason) > 0;
     emptied := emptied + coalesce(cardinality(ids), 0);
     SELECT array_agg(chosen.request_id) INTO ids FROM (
       SELECT r.request_id FROM kept_from(clinics) AS k JOIN refund_requests AS r ON r.clinic_id = k.clinic_id
        WHERE r.requested_at < k.from_day AND r.decided_at < k.from_day AND r.state <> 'requested' AND (r.reason <> 'its years are over' OR r.decision_reason <> 'its years are over')
        LIMIT most) AS chosen;
     UPDATE refund_requests SET reason = CASE WHEN reason IS NULL THEN NULL ELSE 'its years are over' END,
            decision_reason = CASE WHEN decision_reason IS NULL THEN NULL ELSE 'its years are over' END
      WHERE request_id = ANY (ids);
     RETURN emptied + coalesce(cardinality(ids), 0);
END $$;
ALTER FUNCTION public.empty_expired_words(clinics uuid[], most integer) OWNER TO test_payments_owner;
CREATE FUNCTION public.kept_from(clinics uuid[]) RETURNS TABLE(clinic_id uuid, from_day date)
    LANGUAGE sql STABLE
    AS $$
  SELECT g.clinic_id, make_date(extract(year FROM clock_timestamp() AT TIME ZONE coalesce(c.time_zone, 'UTC'))::integer
                                - coalesce(c.retention_years, 30), 1, 1)
    FROM unnest(clinics) AS g (clinic_id) LEFT JOIN clinics AS c ON c.clinic_id = g.clinic_id
$$;
ALTER FUNCTION public.kept_from(clinics uuid[]) OWNER TO test_payments_owner;
CREATE FUNCTION public.least_kept() RETURNS date
    LANGUAGE sql STABLE
    AS $$
  SELECT make_date(extract(year FROM (clock_timestamp() AT TIME ZONE 'UTC') + interval '14 hours')::integer - 6, 1, 1)
$$;
ALTER FUNCTION public.least_kept() OWNER TO test_payments_owner;
CREATE FUNCTION public.records_of(uuid, uuid) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT survivor_of($1, $2) || ARRAY(
        SELECT m.record_id FROM merged_records AS m
         WHERE m.clinic_id = $1 AND m.survivor_id = survivor_of($1, $2) AND m.record_id <> m.survivor_id
         ORDER BY m.record_id)
$_$;
ALTER FUNCTION public.records_of(uuid, uuid) OWNER TO test_payments_owner;
CREATE FUNCTION public.refuse_all_but_emptying() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE
     emptied text[] := TG_ARGV::text[];
     before  jsonb := to_jsonb(OLD);
     after   jsonb := to_jsonb(NEW);
   BEGIN
     IF before = after OR before - emptied <> after - emptied
        OR EXISTS (SELECT FROM unnest(emptied) AS name
                    WHERE after -> name <> before -> name AND after -> name NOT IN ('null', '""', '{}'))
     THEN
       RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
     END IF;
     RETURN NEW;
END $$;
ALTER FUNCTION public.refuse_all_but_emptying() OWNER TO test_payments_owner;
CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.refuse_change() OWNER TO test_payments_owner;
CREATE FUNCTION public.refuse_change_while_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE words text[] := ARRAY['payer_name', 'external_reference', 'reference_alike', 'reason'];
   BEGIN
     IF TG_OP = 'UPDATE' AND OLD.booked_on < least_kept() AND to_jsonb(OLD) - words = to_jsonb(NEW) - words
        AND num_nonnulls(NEW.payer_name, NEW.external_reference, NEW.reference_alike) = 0
        AND NEW.reason IS NOT DISTINCT FROM (CASE WHEN OLD.reason IS NULL THEN NULL ELSE 'its years are over' END)
     THEN
       RETURN NEW;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.refuse_change_while_kept() OWNER TO test_payments_owner;
CREATE FUNCTION public.refuse_unbalanced() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM added GROUP BY posting_id HAVING sum(minor) <> 0;
    IF FOUND THEN
        RAISE EXCEPTION 'a posting of the journal does not balance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION public.refuse_unbalanced() OWNER TO test_payments_owner;
CREATE FUNCTION public.survivor_of(uuid, uuid) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT coalesce((SELECT m.survivor_id FROM merged_records AS m WHERE m.clinic_id = $1 AND m.record_id = $2), $2)
$_$;
ALTER FUNCTION public.survivor_of(uuid, uuid) OWNER TO test_payments_owner;
CREATE FUNCTION public.tell_reference() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.reference_alike := lower(regexp_replace(normalize(regexp_replace(NEW.external_reference, '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g'), NFKC), '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', '', 'g') COLLATE "pg_c_utf8");
    RETURN NEW;
END $$;
ALTER FUNCTION public.tell_reference() OWNER TO test_payments_owner;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.account_lines (
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    on_date date NOT NULL,
    line_id bigint NOT NULL,
    source_id uuid NOT NULL,
    kind text NOT NULL,
    change_minor bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    insurers_change_minor bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.account_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE public.account_lines OWNER TO test_payments_owner;
ALTER TABLE public.account_lines ALTER COLUMN line_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_lines_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE public.alembic_version OWNER TO test_payments_owner;
CREATE TABLE public.clinic_directory (
    clinic_id uuid NOT NULL
);
ALTER TABLE ONLY public.clinic_directory FORCE ROW LEVEL SECURITY;
ALTER TABLE public.clinic_directory OWNER TO test_payments_owner;
CREATE TABLE public.clinics (
    clinic_id uuid NOT NULL,
    version bigint NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    retention_years integer,
    CONSTRAINT clinics_retention_years_check CHECK (((retention_years >= 6) AND (retention_years <= 30)))
);
ALTER TABLE ONLY public.clinics FORCE ROW LEVEL SECURITY;
ALTER TABLE public.clinics OWNER TO test_payments_owner;
CREATE TABLE public.credit_parts (
    payment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    minor bigint NOT NULL,
    CONSTRAINT credit_parts_minor_check CHECK ((minor >= 0))
);
ALTER TABLE ONLY public.credit_parts FORCE ROW LEVEL SECURITY;
ALTER TABLE public.credit_parts OWNER TO test_payments_owner;
CREATE TABLE public.day_totals (
    clinic_id uuid NOT NULL,
    booked_on date NOT NULL,
    kind text NOT NULL,
    method text NOT NULL,
    method_label text,
    group_id uuid,
    count bigint NOT NULL,
    minor bigint NOT NULL
);
ALTER TABLE ONLY public.day_totals FORCE ROW LEVEL SECURITY;
ALTER TABLE public.day_totals OWNER TO test_payments_owner;
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
ALTER TABLE public.dead_letters OWNER TO test_payments_owner;
ALTER TABLE public.dead_letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.forgotten_keys (
    clinic_id uuid NOT NULL,
    key text NOT NULL,
    forgotten_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY public.forgotten_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE public.forgotten_keys OWNER TO test_payments_owner;
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
ALTER TABLE public.idempotency_keys OWNER TO test_payments_owner;
CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id text NOT NULL,
    handled_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE public.inbox OWNER TO test_payments_owner;
CREATE TABLE public.installment_plans (
    plan_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    version integer NOT NULL,
    live boolean NOT NULL
);
ALTER TABLE ONLY public.installment_plans FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plans OWNER TO test_payments_owner;
CREATE TABLE public.installments (
    plan_id uuid NOT NULL,
    installment_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    "position" integer NOT NULL,
    due_date date NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT installments_amount_minor_check CHECK ((amount_minor > 0))
);
ALTER TABLE ONLY public.installments FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installments OWNER TO test_payments_owner;
CREATE TABLE public.insurers_parts (
    invoice_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    part_minor bigint NOT NULL,
    version bigint NOT NULL,
    payers jsonb,
    undecided_minor bigint DEFAULT 0 NOT NULL,
    estimated_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT insurers_parts_part_minor_check CHECK ((part_minor >= 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.insurers_parts FORCE ROW LEVEL SECURITY;
ALTER TABLE public.insurers_parts OWNER TO test_payments_owner;
CREATE TABLE public.invoice_documents (
    document_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    kind text NOT NULL,
    number text NOT NULL,
    total_minor bigint NOT NULL,
    issue_date date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    refund_id uuid,
    note_kind text
);
ALTER TABLE ONLY public.invoice_documents FORCE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_documents OWNER TO test_payments_owner;
CREATE TABLE public.invoices (
    invoice_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    number text NOT NULL,
    currency text NOT NULL,
    issue_date date NOT NULL,
    due_date date NOT NULL,
    total_minor bigint NOT NULL,
    debited_minor bigint DEFAULT 0 NOT NULL,
    credited_minor bigint DEFAULT 0 NOT NULL,
    refund_adjusted_minor bigint DEFAULT 0 NOT NULL,
    voided_minor bigint DEFAULT 0 NOT NULL,
    settled_minor bigint DEFAULT 0 NOT NULL,
    void boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    treatment_plan_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    forgiven_minor bigint DEFAULT 0 NOT NULL,
    contractual_minor bigint DEFAULT 0 NOT NULL,
    refund_pending_minor bigint DEFAULT 0 NOT NULL,
    refund_uncredited_minor bigint DEFAULT 0 NOT NULL,
    bad_debt_minor bigint DEFAULT 0 NOT NULL,
    insurers_estimated_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT invoices_bad_debt_minor_check CHECK ((bad_debt_minor >= 0)),
    CONSTRAINT invoices_credited_minor_check CHECK ((credited_minor >= 0)),
    CONSTRAINT invoices_debited_minor_check CHECK ((debited_minor >= 0)),
    CONSTRAINT invoices_refund_adjusted_minor_check CHECK ((refund_adjusted_minor >= 0)),
    CONSTRAINT invoices_refund_pending_minor_check CHECK ((refund_pending_minor >= 0)),
    CONSTRAINT invoices_refund_uncredited_minor_check CHECK ((refund_uncredited_minor >= 0)),
    CONSTRAINT invoices_settled_minor_check CHECK ((settled_minor >= 0)),
    CONSTRAINT invoices_total_minor_check CHECK ((total_minor >= 0)),
    CONSTRAINT no_more_settled_than_asked CHECK ((settled_minor <= GREATEST((0)::bigint, (((((total_minor + debited_minor) - credited_minor) - refund_adjusted_minor) - voided_minor) +
CASE
    WHEN void THEN (0)::bigint
    ELSE (refund_pending_minor + bad_debt_minor)
END))))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.invoices FORCE ROW LEVEL SECURITY;
ALTER TABLE public.invoices OWNER TO test_payments_owner;
CREATE TABLE public.journal_entries (
    entry_id bigint NOT NULL,
    clinic_id uuid NOT NULL,
    posting_id uuid NOT NULL,
    account text NOT NULL,
    minor bigint NOT NULL,
    patient_id uuid,
    invoice_id uuid,
    payment_id uuid,
    method text,
    booked_on date NOT NULL,
    payer_kind text,
    installment_id uuid,
    CONSTRAINT journal_entries_minor_check CHECK ((minor <> 0)),
    CONSTRAINT journal_entries_payer_kind_check CHECK ((payer_kind = ANY (ARRAY['patient'::text, 'insurer'::text, 'third_party'::text])))
);
ALTER TABLE ONLY public.journal_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE public.journal_entries OWNER TO test_payments_owner;
ALTER TABLE public.journal_entries ALTER COLUMN entry_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.journal_entries_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.merged_records (
    clinic_id uuid NOT NULL,
    record_id uuid NOT NULL,
    into_id uuid NOT NULL,
    said_at timestamp with time zone NOT NULL,
    survivor_id uuid NOT NULL
);
ALTER TABLE ONLY public.merged_records FORCE ROW LEVEL SECURITY;
ALTER TABLE public.merged_records OWNER TO test_payments_owner;
CREATE TABLE public.number_series (
    clinic_id uuid NOT NULL,
    series text NOT NULL,
    last_number bigint NOT NULL,
    last_date date NOT NULL
);
ALTER TABLE ONLY public.number_series FORCE ROW LEVEL SECURITY;
ALTER TABLE public.number_series OWNER TO test_payments_owner;
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
ALTER TABLE public.outbox OWNER TO test_payments_owner;
ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.overpayments (
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    minor bigint NOT NULL,
    CONSTRAINT overpayments_minor_check CHECK ((minor > 0))
);
ALTER TABLE ONLY public.overpayments FORCE ROW LEVEL SECURITY;
ALTER TABLE public.overpayments OWNER TO test_payments_owner;
CREATE TABLE public.patient_credit (
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    balance_minor bigint NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT patient_credit_balance_minor_check CHECK ((balance_minor >= 0))
);
ALTER TABLE ONLY public.patient_credit FORCE ROW LEVEL SECURITY;
ALTER TABLE public.patient_credit OWNER TO test_payments_owner;
CREATE TABLE public.payment_group_changes (
    group_id uuid NOT NULL,
    version bigint NOT NULL,
    clinic_id uuid NOT NULL,
    change text NOT NULL,
    name text NOT NULL,
    color text,
    "position" integer NOT NULL,
    archived boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    reason text,
    in_force_from date NOT NULL,
    CONSTRAINT payment_group_changes_change_check CHECK ((change = ANY (ARRAY['created'::text, 'changed'::text, 'ordered'::text, 'deleted'::text])))
);
ALTER TABLE ONLY public.payment_group_changes FORCE ROW LEVEL SECURITY;
ALTER TABLE public.payment_group_changes OWNER TO test_payments_owner;
CREATE TABLE public.payment_groups (
    group_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    name text NOT NULL,
    color text,
    "position" integer NOT NULL,
    archived boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 1 NOT NULL
);
ALTER TABLE ONLY public.payment_groups FORCE ROW LEVEL SECURITY;
ALTER TABLE public.payment_groups OWNER TO test_payments_owner;
CREATE TABLE public.payment_positions (
    payment_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    allocated_minor bigint NOT NULL,
    unallocated_minor bigint NOT NULL,
    refunded_minor bigint DEFAULT 0 NOT NULL,
    status text DEFAULT 'recorded'::text NOT NULL,
    note text,
    group_id uuid,
    version bigint DEFAULT 1 NOT NULL,
    taken_back_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT payment_positions_allocated_minor_check CHECK ((allocated_minor >= 0)),
    CONSTRAINT payment_positions_refunded_minor_check CHECK ((refunded_minor >= 0)),
    CONSTRAINT payment_positions_status_check CHECK ((status = ANY (ARRAY['recorded'::text, 'cancelled'::text, 'charged_back'::text]))),
    CONSTRAINT payment_positions_taken_back_minor_check CHECK ((taken_back_minor >= 0)),
    CONSTRAINT payment_positions_unallocated_minor_check CHECK ((unallocated_minor >= 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.payment_positions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.payment_positions OWNER TO test_payments_owner;
CREATE TABLE public.payment_setting_versions (
    clinic_id uuid NOT NULL,
    version bigint NOT NULL,
    refund_limit_minor bigint,
    currency text NOT NULL,
    reason text,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT payment_setting_versions_refund_limit_minor_check CHECK ((refund_limit_minor >= 0)),
    CONSTRAINT payment_setting_versions_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.payment_setting_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.payment_setting_versions OWNER TO test_payments_owner;
CREATE TABLE public.receipts (
    receipt_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    number text NOT NULL,
    void boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY public.receipts FORCE ROW LEVEL SECURITY;
ALTER TABLE public.receipts OWNER TO test_payments_owner;
CREATE TABLE public.refund_requests (
    request_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL,
    payment_id uuid,
    treatment_plan_id uuid,
    amount_minor bigint NOT NULL,
    limit_minor bigint NOT NULL,
    currency text NOT NULL,
    reason_code text,
    reason text,
    method text,
    method_label text,
    state text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    decision_reason text,
    version bigint NOT NULL,
    named jsonb,
    CONSTRAINT refund_requests_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT refund_requests_check CHECK (((payment_id IS NULL) = (kind = 'withdrawal'::text))),
    CONSTRAINT refund_requests_check1 CHECK (((state = 'requested'::text) = (decided_by IS NULL))),
    CONSTRAINT refund_requests_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'completed'::text, 'rejected'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY public.refund_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE public.refund_requests OWNER TO test_payments_owner;
CREATE TABLE public.refundable_lines (
    invoice_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    currency text NOT NULL,
    told jsonb,
    rounding_minor bigint DEFAULT 0 NOT NULL,
    pending jsonb DEFAULT '{}'::jsonb NOT NULL
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.refundable_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE public.refundable_lines OWNER TO test_payments_owner;
CREATE TABLE public.relabelings (
    relabeling_id bigint NOT NULL,
    clinic_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    version bigint NOT NULL,
    group_before uuid,
    group_after uuid,
    note_before text,
    note_after text,
    changed_on date NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    reason text
);
ALTER TABLE ONLY public.relabelings FORCE ROW LEVEL SECURITY;
ALTER TABLE public.relabelings OWNER TO test_payments_owner;
ALTER TABLE public.relabelings ALTER COLUMN relabeling_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.relabelings_relabeling_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.summed_days (
    clinic_id uuid NOT NULL,
    until date NOT NULL
);
ALTER TABLE ONLY public.summed_days FORCE ROW LEVEL SECURITY;
ALTER TABLE public.summed_days OWNER TO test_payments_owner;
CREATE TABLE public.transactions (
    transaction_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    method text NOT NULL,
    method_label text,
    payer_kind text NOT NULL,
    payer_id uuid,
    payer_name text,
    recorded_at timestamp with time zone NOT NULL,
    booked_on date NOT NULL,
    recorded_by text NOT NULL,
    payment_id uuid,
    reverses_id uuid,
    linked_id uuid,
    received_at timestamp with time zone,
    reason_code text,
    reason text,
    external_reference text,
    treatment_plan_id uuid,
    group_id uuid,
    request_id uuid,
    reference_alike text,
    CONSTRAINT transactions_amount_minor_check CHECK ((amount_minor > 0))
);
ALTER TABLE ONLY public.transactions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.transactions OWNER TO test_payments_owner;
INSERT INTO public.account_lines (clinic_id, patient_id, on_date, line_id, source_id, kind, change_minor, recorded_at, insurers_change_minor) OVERRIDING SYSTEM VALUE VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '2026-11-20', 1, '019ab7c0-0008-7000-8000-000000000001', 'invoice', 28766, '2026-11-23 15:00:00+00', 0),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '2026-11-20', 2, '019ab7c0-000a-7000-8000-000000000001', 'receipt', 0, '2026-11-20 15:12:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '2026-11-23', 3, '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'invoice', 10000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', '2026-11-23', 4, '01a22c5d-a389-74d4-b468-86e234251a34', 'invoice', 10000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '2026-11-23', 5, '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'invoice', 10000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', '2026-11-23', 6, '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'invoice', 10000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '2026-11-23', 7, '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'invoice', 10000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', '2026-11-23', 8, '01a22c5d-a558-72fb-98df-1d1d825a6304', 'invoice', 10000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '2026-11-23', 9, '01a22c5d-a787-730b-b045-a3b707af84e9', 'credit_note', -2500, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', '2026-11-23', 10, '01a22c5d-a795-756c-b280-9ab9676bf9b1', 'credit_note', -2500, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '2026-11-23', 11, '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', 'payment', -6000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '2026-11-23', 12, '01a22c5d-acb9-7391-a4bb-5bb6896729ef', 'payment', -1500, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '2026-11-23', 13, '01a22c5d-ad05-70f8-adda-bf48520f6511', 'payment', -15000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', '2026-11-23', 14, '01a22c5d-ae9d-77cb-aee8-717ad26a64af', 'credit_note', -3000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '2026-11-23', 15, '01a22c5d-af31-755d-84c6-a57805e24181', 'credit_note', -2000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '2026-11-23', 16, '01a22c5d-b0c1-70d8-9b83-264cfe9c2e9f', 'release', 0, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '2026-11-23', 17, '01a22c5d-b281-7642-b09a-282bc27ffc04', 'payment', -8000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '2026-11-23', 18, '01a22c5d-b33b-74b1-8ab6-63d472efcc49', 'refund', 0, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '2026-11-23', 19, '01a22c5d-b459-7527-932d-42b12adada3c', 'payment', -1000, '2026-11-23 15:00:00+00', 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '2026-11-23', 20, '01a22c5d-b800-7176-9e3e-5e1a1a357078', 'credit_note', 0, '2026-11-23 15:00:00+00', 0);
INSERT INTO public.alembic_version (version_num) VALUES
	('20261130_estimated_of_invoices');
INSERT INTO public.clinic_directory (clinic_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3');
INSERT INTO public.clinics (clinic_id, version, currency, time_zone, retention_years) VALUES
	('019ab7c0-0001-7000-8000-000000000001', 3, 'USD', 'America/New_York', 7),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, 'USD', 'UTC', 10);
INSERT INTO public.credit_parts (payment_id, patient_id, clinic_id, minor) VALUES
	('01a22c5d-ad05-70f8-adda-bf48520f6511', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 7000),
	('01a22c5d-b459-7527-932d-42b12adada3c', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1000);
INSERT INTO public.dead_letters (id, consumer, topic, partition, "offset", key, event_id, type, clinic_id, subject, sequence, "time", data, traceparent, tracestate, state, reason, attempts, set_aside_at, next_attempt_at, resolved_at, resolved_by, resolved_because) OVERRIDING SYSTEM VALUE VALUES
	(2, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e3-7000-8000-000000000006', 'billing.refund_adjustment.decided.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0011-7000-8000-000000000001', 1, '2026-11-23 14:41:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32335431343a34313a30305a222c202261646a7573746d656e745f6964223a202230313961623763302d303031312d373030302d383030302d303030303030303030303031222c2022726566756e645f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303032222c20227472616e73616374696f6e5f6964223a202230313961623763302d303030612d373030302d383030302d303030303030303030303032222c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c2022646563696465645f6f6e223a2022323032362d31312d3233222c202277616e746564223a207b22616d6f756e74223a2022362e3036222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226c696e6573223a205b7b226c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303033222c202277616e746564223a207b22616d6f756e74223a2022362e3036222c202263757272656e6379223a2022555344227d2c20226372656469746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d7d5d2c20226e6f74655f6964223a206e756c6c2c20226279223a207b227375626a656374223a2022636f6e73756d65723a696e766f6963696e67222c2022726561736f6e223a20224372656469746564206f7468657277697365227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:58.936261+00', '2026-11-30 12:10:58.936261+00', NULL, NULL, NULL),
	(3, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e3-7000-8000-000000000003', 'billing.invoice.credited.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 5, '2026-11-24 11:31:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32345431313a33313a30305a222c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c20226e756d626572223a2022434e2d323032362d303030303039222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c202269737375655f64617465223a2022323032362d31312d3234222c2022726561736f6e223a20225772697474656e206f666620627920636f6e7472616374207769746820486172626f722044656e74616c204d757475616c222c2022726566756e645f6964223a206e756c6c2c2022756e646f65735f6964223a206e756c6c2c20226465636973696f6e5f6964223a202230313961623763302d303030632d373030302d383030302d303030303030303030303032222c2022707572706f7365223a206e756c6c2c20226c696e6573223a205b7b22696e766f6963655f6c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303032222c202264656269745f6e6f74655f6964223a206e756c6c2c20226465736372697074696f6e223a2022436f6d706f736974652066696c6c696e672c2074776f207375726661636573222c20226e6574223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c20227461785f63617465676f7279223a202245222c20227461785f72617465223a202230222c2022746178223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226578656d7074696f6e5f726561736f6e223a206e756c6c7d5d2c20226e6574223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c2022746178223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022636173685f726f756e64696e67223a206e756c6c2c2022746f74616c223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c20226c696e65735f6c656674223a205b7b226c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303031222c20226c656674223a207b22616d6f756e74223a202236322e3530222c202263757272656e6379223a2022555344227d7d2c207b226c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303032222c20226c656674223a207b22616d6f756e74223a20223137322e3030222c202263757272656e6379223a2022555344227d7d2c207b226c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303033222c20226c656674223a207b22616d6f756e74223a202233312e3636222c202263757272656e6379223a2022555344227d7d5d2c20226279223a207b227375626a656374223a2022636f6e73756d65723a696e766f6963696e67222c2022726561736f6e223a206e756c6c7d2c20226372656469745f6e6f74655f6964223a202230313961623763302d303030642d373030302d383030302d303030303030303030303031222c20226b696e64223a2022636f6e747261637475616c5f77726974655f6f6666227d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:59.075822+00', '2026-11-30 12:10:59.075822+00', NULL, NULL, NULL),
	(4, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e2-7000-8000-000000000002', 'billing.adjudication.applied.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 6, '2026-11-24 11:31:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32345431313a33313a30305a222c20226465636973696f6e5f6964223a202230313961623763302d303030632d373030302d383030302d303030303030303030303032222c2022636c61696d5f6964223a202230313961623763302d303030632d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313137222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c202270617965725f6964223a202230313961623763302d303030342d373030302d383030302d303030303030303030303031222c202270617965725f6e616d65223a2022486172626f722044656e74616c204d757475616c222c202270617965725f73657175656e6365223a20227072696d617279222c202272656d697474616e63655f7265666572656e6365223a202248444d2d32303236313132342d37373331222c2022636861726765223a207b22616d6f756e74223a20223235362e3030222c202263757272656e6379223a2022555344227d2c202270616964223a207b22616d6f756e74223a20223230302e3130222c202263757272656e6379223a2022555344227d2c2022636f6e747261637475616c223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c202270617469656e745f726573706f6e736962696c697479223a207b22616d6f756e74223a202233342e3430222c202263757272656e6379223a2022555344227d2c20226f74686572223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20227772697474656e5f6f6666223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c2022736861726573223a207b2270616964223a207b22616d6f756e74223a20223230302e3130222c202263757272656e6379223a2022555344227d2c20227772697474656e5f6f6666223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a202233342e3430222c202263757272656e6379223a2022555344227d2c2022756e64656369646564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f76657270616964223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d7d2c2022696e737572657273223a205b7b2270617965725f6964223a202230313961623763302d303030342d373030302d383030302d303030303030303030303031222c202270617965725f6e616d65223a2022486172626f722044656e74616c204d757475616c222c202270617965725f73657175656e6365223a20227072696d617279222c202270616964223a207b22616d6f756e74223a20223230302e3130222c202263757272656e6379223a2022555344227d7d5d2c2022657374696d61746564223a206e756c6c2c20226c696e6573223a205b7b2270616964223a207b22616d6f756e74223a202236322e3530222c202263757272656e6379223a2022555344227d2c20227772697474656e5f6f6666223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022756e64656369646564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f76657270616964223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022696e766f6963655f6c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303031222c2022666565223a207b22616d6f756e74223a202236322e3530222c202263757272656e6379223a2022555344227d7d2c207b2270616964223a207b22616d6f756e74223a20223133372e3630222c202263757272656e6379223a2022555344227d2c20227772697474656e5f6f6666223a207b22616d6f756e74223a202232312e3530222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a202233342e3430222c202263757272656e6379223a2022555344227d2c2022756e64656369646564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226f76657270616964223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022696e766f6963655f6c696e655f6964223a202230313961623763302d303030392d373030302d383030302d303030303030303030303032222c2022666565223a207b22616d6f756e74223a20223139332e3530222c202263757272656e6379223a2022555344227d7d5d2c2022726576696577223a205b5d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:59.076032+00', '2026-11-30 12:10:59.076032+00', NULL, NULL, NULL),
	(5, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e2-7000-8000-000000000004', 'billing.invoice.estimated.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000003', 5, '2026-11-25 09:00:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32355430393a30303a30305a222c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022657374696d61746564223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d7d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:59.13344+00', '2026-11-30 12:10:59.13344+00', NULL, NULL, NULL),
	(6, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e3-7000-8000-000000000004', 'billing.invoice.debited.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000003', 6, '2026-11-25 16:10:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32355431363a31303a30305a222c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303033222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c20226e756d626572223a2022444e2d323032362d303030303032222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030303839222c202269737375655f64617465223a2022323032362d31312d3235222c2022726561736f6e223a20223435206461797320616674657220746865206475652064617465222c2022726566756e645f6964223a206e756c6c2c2022756e646f65735f6964223a206e756c6c2c20226465636973696f6e5f6964223a206e756c6c2c2022707572706f7365223a206e756c6c2c20226c696e6573223a205b7b22696e766f6963655f6c696e655f6964223a206e756c6c2c202264656269745f6e6f74655f6964223a206e756c6c2c20226465736372697074696f6e223a20224c61746520666565222c20226e6574223a207b22616d6f756e74223a202231322e3530222c202263757272656e6379223a2022555344227d2c20227461785f63617465676f7279223a202245222c20227461785f72617465223a202230222c2022746178223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c20226578656d7074696f6e5f726561736f6e223a206e756c6c7d5d2c20226e6574223a207b22616d6f756e74223a202231322e3530222c202263757272656e6379223a2022555344227d2c2022746178223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c2022636173685f726f756e64696e67223a206e756c6c2c2022746f74616c223a207b22616d6f756e74223a202231322e3530222c202263757272656e6379223a2022555344227d2c20226c696e65735f6c656674223a205b5d2c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a20223435206461797320616674657220746865206475652064617465227d2c202264656269745f6e6f74655f6964223a202230313961623763302d303030642d373030302d383030302d303030303030303030303032222c20226b696e64223a20226c6174655f666565227d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:59.206747+00', '2026-11-30 12:10:59.206747+00', NULL, NULL, NULL),
	(7, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000003', 'billing.installment_plan.cancelled.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0011-7000-8000-000000000001', 3, '2026-11-27 10:40:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32375431303a34303a30305a222c2022706c616e5f6964223a202230313961623763302d303031312d373030302d383030302d303030303030303030303031222c202276657273696f6e223a20332c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303034222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c2022696e766f6963655f6e756d626572223a2022494e562d323032362d303030313031222c20226167726565645f6f6e223a2022323032362d31312d3033222c2022746f74616c223a207b22616d6f756e74223a2022313138302e3030222c202263757272656e6379223a2022555344227d2c20226f75747374616e64696e67223a207b22616d6f756e74223a20223930302e3030222c202263757272656e6379223a2022555344227d2c2022696e7374616c6c6d656e7473223a205b7b22696e7374616c6c6d656e745f6964223a202230313961623763302d303031322d373030302d383030302d303030303030303030303031222c2022706f736974696f6e223a20312c20226b696e64223a2022646f776e5f7061796d656e74222c20226475655f64617465223a2022323032362d31312d3033222c2022616d6f756e74223a207b22616d6f756e74223a20223238302e3030222c202263757272656e6379223a2022555344227d2c202272656d61696e696e67223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a2022302e3030222c202263757272656e6379223a2022555344227d7d2c207b22696e7374616c6c6d656e745f6964223a202230313961623763302d303031322d373030302d383030302d303030303030303030303035222c2022706f736974696f6e223a20322c20226b696e64223a2022696e7374616c6c6d656e74222c20226475655f64617465223a2022323032362d31312d3330222c2022616d6f756e74223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202272656d61696e696e67223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d7d2c207b22696e7374616c6c6d656e745f6964223a202230313961623763302d303031322d373030302d383030302d303030303030303030303036222c2022706f736974696f6e223a20332c20226b696e64223a2022696e7374616c6c6d656e74222c20226475655f64617465223a2022323032362d31322d3330222c2022616d6f756e74223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202272656d61696e696e67223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d7d2c207b22696e7374616c6c6d656e745f6964223a202230313961623763302d303031322d373030302d383030302d303030303030303030303037222c2022706f736974696f6e223a20342c20226b696e64223a2022696e7374616c6c6d656e74222c20226475655f64617465223a2022323032372d30312d3330222c2022616d6f756e74223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202272656d61696e696e67223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d7d2c207b22696e7374616c6c6d656e745f6964223a202230313961623763302d303031322d373030302d383030302d303030303030303030303038222c2022706f736974696f6e223a20352c20226b696e64223a2022696e7374616c6c6d656e74222c20226475655f64617465223a2022323032372d30322d3238222c2022616d6f756e74223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202272656d61696e696e67223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d2c202270617469656e745f70617274223a207b22616d6f756e74223a20223232352e3030222c202263757272656e6379223a2022555344227d7d5d2c202265786163745f6361757365223a202263616e63656c6c6564222c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a20225368652070617973207468652072657374206174206f6e6365227d2c20226361757365223a202263616e63656c6c6564227d', NULL, NULL, 'waiting', 'an earlier message of this key is set aside', 0, '2026-11-30 12:10:59.207017+00', '2026-11-30 12:10:59.207017+00', NULL, NULL, NULL),
	(1, 'payments', 'billing.invoices.v1', 0, 0, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e3-7000-8000-000000000005', 'billing.invoice.voided.v1', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000002', 3, '2026-11-23 10:15:00+00', '\x7b22636c696e69635f6964223a202230313961623763302d303030312d373030302d383030302d303030303030303030303031222c20226f636375727265645f6174223a2022323032362d31312d32335431303a31353a30305a222c2022696e766f6963655f6964223a202230313961623763302d303030382d373030302d383030302d303030303030303030303032222c202270617469656e745f6964223a202230313961623763302d303030322d373030302d383030302d303030303030303030303031222c20226e756d626572223a2022494e562d323032362d303030313138222c2022766f696465645f6f6e223a2022323032362d31312d3233222c2022746f74616c223a207b22616d6f756e74223a202239352e3030222c202263757272656e6379223a2022555344227d2c20226279223a207b227375626a656374223a2022636c65726b3a37663163222c2022726561736f6e223a202249737375656420666f72207468652077726f6e67207669736974227d7d', NULL, NULL, 'waiting', 'invoice 019ab7c0-0008-7000-8000-000000000002 is not known yet', 7, '2026-11-30 12:10:58.86529+00', '2026-11-30 12:11:41.92152+00', NULL, NULL, NULL);
INSERT INTO public.forgotten_keys (clinic_id, key, forgotten_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000002', '2026-11-30 12:10:59.265475+00');
INSERT INTO public.idempotency_keys (clinic_id, key, method_path, fingerprint, status, headers, body, created_at) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-aadd-756d-b829-d17ce530075d', 'POST /v1/remittances', '\xe30e6aabdc825dc5749dd0282a5a615aec9603b86bdbed74ac5a439162733130', 201, '{"content-type": "application/json"}', '\x7b2265787465726e616c5f7265666572656e6365223a224552412030316132326335642d616164642d373536642d623832392d643137623463616632626439222c22616d6f756e74223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c227061796d656e7473223a5b7b226964223a2230316132326335642d616265382d373537342d393138612d336335643863383861316435222c22737461747573223a227265636f72646564222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c227061796572223a7b226b696e64223a22696e7375726572222c2270617965725f6964223a2230316132326335642d396666622d373434332d616662652d376264383461666662376631222c226e616d65223a2244656c7461227d2c22616d6f756e74223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c226d6574686f64223a22696e737572616e6365222c226d6574686f645f6c6162656c223a6e756c6c2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c227265636f726465645f6279223a22636c65726b3a74657374222c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a224552412030316132326335642d616164642d373536642d623832392d643137623463616632626439222c2274726561746d656e745f706c616e5f6964223a6e756c6c2c22726561736f6e5f636f6465223a22696e73757265725f72656d697474616e6365222c22616c6c6f636174696f6e73223a5b7b22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303031222c22696e7374616c6c6d656e745f6964223a6e756c6c2c22616d6f756e74223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d7d5d2c22756e616c6c6f6361746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2274616b656e5f6261636b223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e6461626c65223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c2276657273696f6e223a317d5d2c2274616b655f6261636b73223a5b5d2c2261646a7573746d656e7473223a5b5d7d', '2026-11-30 12:11:06.239944+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-ac96-7621-9ed2-ce21246c3030', 'POST /v1/payments', '\x484b6c6eee4c27773795c362afe8fa62822bff5bc5d8b8ac544e824287717392', 201, '{"etag": "\"1\"", "location": "/v1/payments/01a22c5d-acb9-7391-a4bb-5bb6896729ef", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d616362392d373339312d613462622d356262363839363732396566222c22737461747573223a227265636f72646564222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c22616d6f756e74223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c226d6574686f64223a2263617368222c226d6574686f645f6c6162656c223a6e756c6c2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c227265636f726465645f6279223a22636c65726b3a74657374222c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c22726561736f6e5f636f6465223a22696e766f6963655f736574746c656d656e74222c22616c6c6f636174696f6e73223a5b7b22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303031222c22696e7374616c6c6d656e745f6964223a6e756c6c2c22616d6f756e74223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d7d5d2c22756e616c6c6f6361746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2274616b656e5f6261636b223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e6461626c65223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c2276657273696f6e223a317d', '2026-11-30 12:11:06.317612+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-ace5-74e9-ba8b-f864125aafba', 'POST /v1/payments', '\xc53e1494956ba6ab8ccfafc340a37852eb27caf32d3a9e859c817e818d9a6585', 201, '{"etag": "\"1\"", "location": "/v1/payments/01a22c5d-ad05-70f8-adda-bf48520f6511", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d616430352d373066382d616464612d626634383532306636353131222c22737461747573223a227265636f72646564222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c22616d6f756e74223a7b22616d6f756e74223a223135302e3030222c2263757272656e6379223a22555344227d2c226d6574686f64223a2263617368222c226d6574686f645f6c6162656c223a6e756c6c2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c227265636f726465645f6279223a22636c65726b3a74657374222c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c22726561736f6e5f636f6465223a22696e766f6963655f736574746c656d656e74222c22616c6c6f636174696f6e73223a5b7b22696e766f6963655f6964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303033222c22696e7374616c6c6d656e745f6964223a6e756c6c2c22616d6f756e74223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d7d5d2c22756e616c6c6f6361746564223a7b22616d6f756e74223a2235302e3030222c2263757272656e6379223a22555344227d2c22726566756e646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2274616b656e5f6261636b223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e6461626c65223a7b22616d6f756e74223a223135302e3030222c2263757272656e6379223a22555344227d2c2276657273696f6e223a317d', '2026-11-30 12:11:06.446458+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-b233-754f-8be1-fad5664b3878', 'POST /v1/payments', '\xda9e55c276fe09d74168e82ac51e07ca981c1ee573dadbd6b6f2980d3674cdb7', 201, '{"etag": "\"1\"", "location": "/v1/payments/01a22c5d-b281-7642-b09a-282bc27ffc04", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c22737461747573223a227265636f72646564222c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c22616d6f756e74223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c226d6574686f64223a2262616e6b5f63617264222c226d6574686f645f6c6162656c223a6e756c6c2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c227265636f726465645f6279223a22636c65726b3a74657374222c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c22726561736f6e5f636f6465223a22696e766f6963655f736574746c656d656e74222c22616c6c6f636174696f6e73223a5b7b22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303035222c22696e7374616c6c6d656e745f6964223a6e756c6c2c22616d6f756e74223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d7d5d2c22756e616c6c6f6361746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2274616b656e5f6261636b223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e6461626c65223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c2276657273696f6e223a317d', '2026-11-30 12:11:07.81628+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-b2cd-73ad-a83c-131beefb6245', 'POST /v1/payments/01a22c5d-b281-7642-b09a-282bc27ffc04/refunds', '\x8ba9cbc9d6961e62fc23ebe63c9f7ea8c8473f0fe9631ef00378850d93840465', 201, '{"location": "/v1/transactions/01a22c5d-b33b-74b1-8ab6-63d472efcc49", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d623333622d373462312d386162362d363364343732656663633439222c226b696e64223a22726566756e64222c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c227061796d656e745f6964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c2272657665727365735f6964223a6e756c6c2c226c696e6b65645f6964223a6e756c6c2c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c22616d6f756e74223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c226d6574686f64223a2262616e6b5f63617264222c226d6574686f645f6c6162656c223a6e756c6c2c22726561736f6e5f636f6465223a22676f6f6477696c6c222c22726561736f6e223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c227265636f726465645f6279223a22636c65726b3a74657374222c2267726f75705f6964223a6e756c6c2c22726571756573745f6964223a6e756c6c2c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303035222c227061796d656e745f6964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c22696e7374616c6c6d656e745f6964223a6e756c6c2c226368616e6765223a7b22616d6f756e74223a222d32302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d7d5d2c2261646a7573746d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c2277616e746564223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a6e756c6c7d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226c6f7374223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d7d', '2026-11-30 12:11:08.002416+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-b383-77f4-ad66-021e376eccf0', 'POST /v1/payment-groups', '\x0dbed8ee7069e14cd44882c067967da010a75989e5b1ecc981f89954b355cef0', 201, '{"etag": "\"1\"", "location": "/v1/payment-groups/01a22c5d-b3a9-71b4-a7a3-d70a31326f41", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d623361392d373162342d613761332d643730613331333236663431222c226e616d65223a2243726f776e73222c22636f6c6f72223a6e756c6c2c22706f736974696f6e223a302c226172636869766564223a66616c73652c2276657273696f6e223a317d', '2026-11-30 12:11:08.150927+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'clerk:test
01a22c5d-b410-769c-8cf4-6c0e9cc01861', 'POST /v1/payments', '\xab056b6f2a6ea9444e52516ab74125e41dbb9330481f8cef5f2821d60d52cc43', 201, '{"etag": "\"1\"", "location": "/v1/payments/01a22c5d-b459-7527-932d-42b12adada3c", "content-type": "application/json"}', '\x7b226964223a2230316132326335642d623435392d373532372d393332642d343262313261646164613363222c22737461747573223a227265636f72646564222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c22616d6f756e74223a7b22616d6f756e74223a2231302e3030222c2263757272656e6379223a22555344227d2c226d6574686f64223a22636865636b222c226d6574686f645f6c6162656c223a6e756c6c2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c227265636f726465645f6279223a22636c65726b3a74657374222c226e6f7465223a6e756c6c2c2267726f75705f6964223a2230316132326335642d623361392d373162342d613761332d643730613331333236663431222c2265787465726e616c5f7265666572656e6365223a6e756c6c2c2274726561746d656e745f706c616e5f6964223a6e756c6c2c22726561736f6e5f636f6465223a226465706f736974222c22616c6c6f636174696f6e73223a5b5d2c22756e616c6c6f6361746564223a7b22616d6f756e74223a2231302e3030222c2263757272656e6379223a22555344227d2c22726566756e646564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2274616b656e5f6261636b223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22726566756e6461626c65223a7b22616d6f756e74223a2231302e3030222c2263757272656e6379223a22555344227d2c2276657273696f6e223a317d', '2026-11-30 12:11:08.29225+00');
INSERT INTO public.inbox (consumer, event_id, handled_at) VALUES
	('payments', '019ab7c0-00e0-7000-8000-000000000001', '2026-11-30 12:10:57.873788+00'),
	('payments', '019ab7c0-00e7-7000-8000-000000000001', '2026-11-30 12:10:58.135968+00'),
	('payments', '019ab7c0-00e7-7000-8000-000000000002', '2026-11-30 12:10:58.266271+00'),
	('payments', '019ab7c0-00e1-7000-8000-000000000004', '2026-11-30 12:10:58.326996+00'),
	('payments', '019ab7c0-00e3-7000-8000-000000000002', '2026-11-30 12:10:58.473092+00'),
	('payments', '019ab7c0-00e5-7000-8000-000000000001', '2026-11-30 12:10:58.661819+00'),
	('payments', '019ab7c0-00e5-7000-8000-000000000002', '2026-11-30 12:10:58.970389+00'),
	('payments', '019ab7c0-00e1-7000-8000-000000000003', '2026-11-30 12:10:59.237707+00'),
	('payments', '01a22c5d-a09f-716b-8382-796808f39670', '2026-11-30 12:11:03.296861+00'),
	('payments', '01a22c5d-a2f4-71d4-96e1-3ee41b5e7e59', '2026-11-30 12:11:04.591978+00'),
	('payments', '01a22c5d-a39e-733f-9de9-da19b4c1df0e', '2026-11-30 12:11:04.592048+00'),
	('payments', '01a22c5d-a3f8-748c-9e41-22f5cb2de7c4', '2026-11-30 12:11:04.592059+00'),
	('payments', '01a22c5d-a454-748f-8dd4-3dd450da67f6', '2026-11-30 12:11:04.592067+00'),
	('payments', '01a22c5d-a4fa-712c-a367-b044a2258f50', '2026-11-30 12:11:04.592075+00'),
	('payments', '01a22c5d-a584-73e3-9cb9-b56cd5687103', '2026-11-30 12:11:04.592082+00'),
	('payments', '01a22c5d-a82e-77bc-bf7b-3c53cdb04cb3', '2026-11-30 12:11:05.21733+00'),
	('payments', '01a22c5d-a82e-77bc-bf7b-3c54b9fc5c26', '2026-11-30 12:11:05.217388+00'),
	('payments', '01a22c5d-a82e-77bc-bf7b-3c55a1f5da88', '2026-11-30 12:11:05.217396+00'),
	('payments', '01a22c5d-a82e-77bc-bf7b-3c56706ece0f', '2026-11-30 12:11:05.217402+00'),
	('payments', '01a22c5d-aeb7-76d3-ba77-31dc287b04aa', '2026-11-30 12:11:07.064873+00'),
	('payments', '01a22c5d-af46-7196-a3d4-c776f9424e43', '2026-11-30 12:11:07.06494+00'),
	('payments', '01a22c5d-b5bc-75e2-94f8-c8c8a7208225', '2026-11-30 12:11:08.83548+00'),
	('payments', '01a22c5d-b84f-7510-9782-2b2a438e9874', '2026-11-30 12:11:09.338035+00');
INSERT INTO public.installment_plans (plan_id, clinic_id, invoice_id, version, live) VALUES
	('019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 2, true),
	('01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 1, true);
INSERT INTO public.installments (plan_id, installment_id, clinic_id, invoice_id, "position", due_date, amount_minor) VALUES
	('019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0012-7000-8000-000000000001', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 1, '2026-11-03', 28000),
	('019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0012-7000-8000-000000000005', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 2, '2026-11-30', 22500),
	('019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0012-7000-8000-000000000006', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 3, '2026-12-30', 22500),
	('019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0012-7000-8000-000000000007', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 4, '2027-01-30', 22500),
	('019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0012-7000-8000-000000000008', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 5, '2027-02-28', 22500),
	('01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-b513-7420-976e-c565f8f1748d', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 1, '2026-12-24', 3334),
	('01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-b513-7420-976e-c566caa44d52', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 2, '2027-01-24', 3333),
	('01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-b513-7420-976e-c567643b271a', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 3, '2027-02-24', 3333);
INSERT INTO public.insurers_parts (invoice_id, clinic_id, part_minor, version, payers, undecided_minor, estimated_minor) VALUES
	('01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 6000, 4, '[{"name": "Delta", "minor": 6000, "payer_id": "01a22c5d-9ffb-7443-afbe-7bd84affb7f1"}]', 0, 0),
	('01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 6000, 4, '[{"name": "Delta", "minor": 6000, "payer_id": "01a22c5d-9ffb-7443-afbe-7bd84affb7f1"}]', 0, 0);
INSERT INTO public.invoice_documents (document_id, clinic_id, patient_id, invoice_id, kind, number, total_minor, issue_date, recorded_at, refund_id, note_kind) VALUES
	('019ab7c0-0008-7000-8000-000000000001', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 'invoice', 'INV-2026-000117', 28766, '2026-11-20', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'invoice', 'INV-2026-000001', 10000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', '01a22c5d-a389-74d4-b468-86e234251a34', 'invoice', 'INV-2026-000002', 10000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'invoice', 'INV-2026-000003', 10000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'invoice', 'INV-2026-000004', 10000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'invoice', 'INV-2026-000005', 10000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a558-72fb-98df-1d1d825a6304', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', '01a22c5d-a558-72fb-98df-1d1d825a6304', 'invoice', 'INV-2026-000006', 10000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, NULL),
	('01a22c5d-a787-730b-b045-a3b707af84e9', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'credit_note', 'CN-2026-000001', 2500, '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'contractual_write_off'),
	('01a22c5d-a795-756c-b280-9ab9676bf9b1', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', '01a22c5d-a389-74d4-b468-86e234251a34', 'credit_note', 'CN-2026-000002', 2500, '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'contractual_write_off'),
	('01a22c5d-ae9d-77cb-aee8-717ad26a64af', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'credit_note', 'CN-2026-000003', 3000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'courtesy'),
	('01a22c5d-af31-755d-84c6-a57805e24181', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'credit_note', 'CN-2026-000004', 2000, '2026-11-23', '2026-11-23 15:00:00+00', NULL, 'courtesy'),
	('01a22c5d-b800-7176-9e3e-5e1a1a357078', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'credit_note', 'CN-2026-000005', 2000, '2026-11-23', '2026-11-23 15:00:00+00', '01a22c5d-b33b-74b1-8ab6-63d472efcc49', 'refund_adjustment');
INSERT INTO public.invoices (invoice_id, clinic_id, patient_id, number, currency, issue_date, due_date, total_minor, debited_minor, credited_minor, refund_adjusted_minor, voided_minor, settled_minor, void, version, treatment_plan_ids, forgiven_minor, contractual_minor, refund_pending_minor, refund_uncredited_minor, bad_debt_minor, insurers_estimated_minor) VALUES
	('019ab7c0-0008-7000-8000-000000000001', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 'INV-2026-000117', 'USD', '2026-11-20', '2026-12-20', 28766, 0, 0, 0, 0, 0, false, 1, '{}', 0, 0, 0, 0, 0, 22160),
	('01a22c5d-a558-72fb-98df-1d1d825a6304', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', 'INV-2026-000006', 'USD', '2026-11-23', '2026-12-23', 10000, 0, 0, 0, 0, 0, false, 1, '{}', 0, 0, 0, 0, 0, 0),
	('01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', 'INV-2026-000002', 'USD', '2026-11-23', '2026-12-23', 10000, 0, 2500, 0, 0, 0, false, 2, '{}', 0, 2500, 0, 0, 0, 0),
	('01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'INV-2026-000001', 'USD', '2026-11-23', '2026-12-23', 10000, 0, 2500, 0, 0, 7500, false, 4, '{}', 0, 2500, 0, 0, 0, 0),
	('01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', 'INV-2026-000004', 'USD', '2026-11-23', '2026-12-23', 10000, 0, 3000, 0, 0, 0, false, 2, '{}', 0, 0, 0, 0, 0, 0),
	('01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'INV-2026-000003', 'USD', '2026-11-23', '2026-12-23', 10000, 0, 2000, 0, 0, 8000, false, 4, '{}', 0, 0, 0, 0, 0, 0),
	('01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', 'INV-2026-000005', 'USD', '2026-11-23', '2026-12-23', 10000, 0, 0, 2000, 0, 6000, false, 4, '{}', 0, 0, 0, 0, 0, 0);
INSERT INTO public.journal_entries (entry_id, clinic_id, posting_id, account, minor, patient_id, invoice_id, payment_id, method, booked_on, payer_kind, installment_id) OVERRIDING SYSTEM VALUE VALUES
	(1, '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 'receivable', 28766, '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', NULL, NULL, '2026-11-20', NULL, NULL),
	(2, '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 'revenue', -28580, NULL, '019ab7c0-0008-7000-8000-000000000001', NULL, NULL, '2026-11-20', NULL, NULL),
	(3, '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 'taxes', -186, NULL, '019ab7c0-0008-7000-8000-000000000001', NULL, NULL, '2026-11-20', NULL, NULL),
	(4, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'receivable', 10000, '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', NULL, NULL, '2026-11-23', NULL, NULL),
	(5, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'revenue', -10000, NULL, '01a22c5d-a1dc-771d-ae91-31ad96cedc10', NULL, NULL, '2026-11-23', NULL, NULL),
	(6, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 'receivable', 10000, '01a22c5d-a361-7739-9eb5-eb524ad677e9', '01a22c5d-a389-74d4-b468-86e234251a34', NULL, NULL, '2026-11-23', NULL, NULL),
	(7, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 'revenue', -10000, NULL, '01a22c5d-a389-74d4-b468-86e234251a34', NULL, NULL, '2026-11-23', NULL, NULL),
	(8, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'receivable', 10000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', NULL, NULL, '2026-11-23', NULL, NULL),
	(9, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'revenue', -10000, NULL, '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', NULL, NULL, '2026-11-23', NULL, NULL),
	(10, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'receivable', 10000, '01a22c5d-a41f-77c6-ade1-b84563555c45', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', NULL, NULL, '2026-11-23', NULL, NULL),
	(11, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'revenue', -10000, NULL, '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', NULL, NULL, '2026-11-23', NULL, NULL),
	(12, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'receivable', 10000, '01a22c5d-a486-71d7-9365-0265c87faa80', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', NULL, NULL, '2026-11-23', NULL, NULL),
	(13, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'revenue', -10000, NULL, '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', NULL, NULL, '2026-11-23', NULL, NULL),
	(14, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 'receivable', 10000, '01a22c5d-a526-772b-b554-3370f4ba8e2d', '01a22c5d-a558-72fb-98df-1d1d825a6304', NULL, NULL, '2026-11-23', NULL, NULL),
	(15, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 'revenue', -10000, NULL, '01a22c5d-a558-72fb-98df-1d1d825a6304', NULL, NULL, '2026-11-23', NULL, NULL),
	(16, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a787-730b-b045-a3b707af84e9', 'receivable', -2500, '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', NULL, NULL, '2026-11-23', NULL, NULL),
	(17, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a787-730b-b045-a3b707af84e9', 'write_offs', 2500, NULL, '01a22c5d-a1dc-771d-ae91-31ad96cedc10', NULL, NULL, '2026-11-23', NULL, NULL),
	(18, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a795-756c-b280-9ab9676bf9b1', 'receivable', -2500, '01a22c5d-a361-7739-9eb5-eb524ad677e9', '01a22c5d-a389-74d4-b468-86e234251a34', NULL, NULL, '2026-11-23', NULL, NULL),
	(19, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a795-756c-b280-9ab9676bf9b1', 'write_offs', 2500, NULL, '01a22c5d-a389-74d4-b468-86e234251a34', NULL, NULL, '2026-11-23', NULL, NULL),
	(20, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', 'money', 6000, NULL, NULL, '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', 'insurance', '2026-11-23', 'insurer', NULL),
	(21, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', 'receivable', -6000, '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', NULL, '2026-11-23', 'insurer', NULL),
	(22, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', 'money', 1500, NULL, NULL, '01a22c5d-acb9-7391-a4bb-5bb6896729ef', 'cash', '2026-11-23', 'patient', NULL),
	(23, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', 'receivable', -1500, '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', NULL, '2026-11-23', 'patient', NULL),
	(24, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ad05-70f8-adda-bf48520f6511', 'money', 15000, NULL, NULL, '01a22c5d-ad05-70f8-adda-bf48520f6511', 'cash', '2026-11-23', 'patient', NULL),
	(25, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ad05-70f8-adda-bf48520f6511', 'receivable', -10000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-ad05-70f8-adda-bf48520f6511', NULL, '2026-11-23', 'patient', NULL),
	(26, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ad05-70f8-adda-bf48520f6511', 'patient_credit', -5000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', NULL, '01a22c5d-ad05-70f8-adda-bf48520f6511', NULL, '2026-11-23', 'patient', NULL),
	(27, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ae9d-77cb-aee8-717ad26a64af', 'receivable', -3000, '01a22c5d-a41f-77c6-ade1-b84563555c45', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', NULL, NULL, '2026-11-23', NULL, NULL),
	(28, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ae9d-77cb-aee8-717ad26a64af', 'credit_notes', 3000, NULL, '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', NULL, NULL, '2026-11-23', NULL, NULL),
	(29, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-af31-755d-84c6-a57805e24181', 'receivable', -2000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', NULL, NULL, '2026-11-23', NULL, NULL),
	(30, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-af31-755d-84c6-a57805e24181', 'credit_notes', 2000, NULL, '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', NULL, NULL, '2026-11-23', NULL, NULL),
	(31, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b0c1-70d8-9b83-264cfe9c2e9f', 'receivable', 2000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-ad05-70f8-adda-bf48520f6511', NULL, '2026-11-23', 'patient', NULL),
	(32, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b0c1-70d8-9b83-264cfe9c2e9f', 'patient_credit', -2000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', NULL, '01a22c5d-ad05-70f8-adda-bf48520f6511', NULL, '2026-11-23', 'patient', NULL),
	(33, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b281-7642-b09a-282bc27ffc04', 'money', 8000, NULL, NULL, '01a22c5d-b281-7642-b09a-282bc27ffc04', 'bank_card', '2026-11-23', 'patient', NULL),
	(34, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b281-7642-b09a-282bc27ffc04', 'receivable', -8000, '01a22c5d-a486-71d7-9365-0265c87faa80', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-b281-7642-b09a-282bc27ffc04', NULL, '2026-11-23', 'patient', NULL),
	(35, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b33b-74b1-8ab6-63d472efcc49', 'money', -2000, NULL, NULL, '01a22c5d-b281-7642-b09a-282bc27ffc04', 'bank_card', '2026-11-23', 'patient', NULL),
	(36, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b33b-74b1-8ab6-63d472efcc49', 'refund_allowances', 2000, '01a22c5d-a486-71d7-9365-0265c87faa80', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-b281-7642-b09a-282bc27ffc04', NULL, '2026-11-23', 'patient', NULL),
	(37, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b459-7527-932d-42b12adada3c', 'money', 1000, NULL, NULL, '01a22c5d-b459-7527-932d-42b12adada3c', 'check', '2026-11-23', 'patient', NULL),
	(38, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b459-7527-932d-42b12adada3c', 'patient_credit', -1000, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', NULL, '01a22c5d-b459-7527-932d-42b12adada3c', NULL, '2026-11-23', 'patient', NULL);
INSERT INTO public.merged_records (clinic_id, record_id, into_id, said_at, survivor_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000003', '019ab7c0-0002-7000-8000-000000000001', '2026-11-19 10:12:00+00', '019ab7c0-0002-7000-8000-000000000001');
INSERT INTO public.outbox (id, event_id, topic, key, type, subject, clinic_id, sequence, "time", data, traceparent, tracestate, created_at, published_at) OVERRIDING SYSTEM VALUE VALUES
	(1, '01a22c5d-abfe-71be-af18-6484c3e2ec2d', 'billing.payments.v1', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'billing.payment.recorded.v1', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227472616e73616374696f6e5f6964223a2230316132326335642d616265382d373537342d393138612d336335643863383861316435222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c22616d6f756e74223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c227061796572223a7b226b696e64223a22696e7375726572222c2270617965725f6964223a2230316132326335642d396666622d373434332d616662652d376264383461666662376631222c226e616d65223a2244656c7461227d2c226d6574686f64223a22696e737572616e6365222c226d6574686f645f6c6162656c223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303031222c227061796d656e745f6964223a2230316132326335642d616265382d373537342d393138612d336335643863383861316435222c226368616e6765223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e745f6964223a6e756c6c2c226c696e6573223a5b5d2c22706c616365223a332c22736574746c65645f776974685f726566756e6473223a7b22616d6f756e74223a2236302e3030222c2263757272656e6379223a22555344227d2c226e616d6564223a6e756c6c7d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a224552412030316132326335642d616164642d373536642d623832392d643137623463616632626439222c22726561736f6e5f636f6465223a22696e73757265725f72656d697474616e6365222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c2274726561746d656e745f706c616e5f6964223a6e756c6c7d', '00-105387091798f0023ce3cdacabbbe253-88e8ac5decfc9bdf-00', NULL, '2026-11-30 12:11:06.239671+00', NULL),
	(2, '01a22c5d-acc4-7180-9ebf-5d24da966191', 'billing.payments.v1', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'billing.payment.recorded.v1', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227472616e73616374696f6e5f6964223a2230316132326335642d616362392d373339312d613462622d356262363839363732396566222c2270617469656e745f6964223a2230316132326335642d613138652d373734662d396532322d386263356133303534663432222c22616d6f756e74223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c226d6574686f64223a2263617368222c226d6574686f645f6c6162656c223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613164632d373731642d616539312d333161643936636564633130222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303031222c227061796d656e745f6964223a2230316132326335642d616362392d373339312d613462622d356262363839363732396566222c226368616e6765223a7b22616d6f756e74223a2231352e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e745f6964223a6e756c6c2c226c696e6573223a5b5d2c22706c616365223a342c22736574746c65645f776974685f726566756e6473223a7b22616d6f756e74223a2237352e3030222c2263757272656e6379223a22555344227d2c226e616d6564223a6e756c6c7d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c22726561736f6e5f636f6465223a22696e766f6963655f736574746c656d656e74222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c2274726561746d656e745f706c616e5f6964223a6e756c6c7d', '00-2bdd1174cce6ca98d4ffd46303cc0189-d8fa9509dff83907-00', NULL, '2026-11-30 12:11:06.317548+00', NULL),
	(3, '01a22c5d-ad4a-7495-9d26-58ec82399280', 'billing.payments.v1', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'billing.payment.recorded.v1', '01a22c5d-ad05-70f8-adda-bf48520f6511', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227472616e73616374696f6e5f6964223a2230316132326335642d616430352d373066382d616464612d626634383532306636353131222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c22616d6f756e74223a7b22616d6f756e74223a223135302e3030222c2263757272656e6379223a22555344227d2c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c226d6574686f64223a2263617368222c226d6574686f645f6c6162656c223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303033222c227061796d656e745f6964223a2230316132326335642d616430352d373066382d616464612d626634383532306636353131222c226368616e6765223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e745f6964223a6e756c6c2c226c696e6573223a5b5d2c22706c616365223a322c22736574746c65645f776974685f726566756e6473223a7b22616d6f756e74223a223130302e3030222c2263757272656e6379223a22555344227d2c226e616d6564223a6e756c6c7d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a2235302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a2235302e3030222c2263757272656e6379223a22555344227d2c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c22726561736f6e5f636f6465223a22696e766f6963655f736574746c656d656e74222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c2274726561746d656e745f706c616e5f6964223a6e756c6c7d', '00-571cb00f796952590f5fc007a415d453-156c1c6d9a39139f-00', NULL, '2026-11-30 12:11:06.44638+00', NULL),
	(4, '01a22c5d-b0ee-72b8-8045-077f111afad6', 'billing.payments.v1', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'billing.allocation.released.v1', '01a22c5d-b0c1-70d8-9b83-264cfe9c2e9f', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c2272656c656173655f6964223a2230316132326335642d623063312d373064382d396238332d323634636665396332653966222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c226361757365223a22696e766f6963655f6372656469746564222c2265786163745f6361757365223a22696e766f6963655f6372656469746564222c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613365352d373131382d613963622d393831306332356435646237222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303033222c227061796d656e745f6964223a2230316132326335642d616430352d373066382d616464612d626634383532306636353131222c226368616e6765223a7b22616d6f756e74223a222d32302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e745f6964223a6e756c6c2c226c696e6573223a5b5d2c22706c616365223a342c22736574746c65645f776974685f726566756e6473223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c226e616d6564223a6e756c6c7d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a2237302e3030222c2263757272656e6379223a22555344227d2c226279223a7b227375626a656374223a22636f6e73756d65723a7061796d656e7473222c22726561736f6e223a22637265646974206e6f746520434e2d323032362d303030303034227d7d', NULL, NULL, '2026-11-30 12:11:07.390255+00', NULL),
	(5, '01a22c5d-b292-7669-bcfa-4f309c50b4ab', 'billing.payments.v1', '01a22c5d-a486-71d7-9365-0265c87faa80', 'billing.payment.recorded.v1', '01a22c5d-b281-7642-b09a-282bc27ffc04', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227472616e73616374696f6e5f6964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c22616d6f756e74223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c226d6574686f64223a2262616e6b5f63617264222c226d6574686f645f6c6162656c223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303035222c227061796d656e745f6964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c226368616e6765223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e745f6964223a6e756c6c2c226c696e6573223a5b5d2c22706c616365223a322c22736574746c65645f776974685f726566756e6473223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c226e616d6564223a6e756c6c7d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c22726561736f6e5f636f6465223a22696e766f6963655f736574746c656d656e74222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c2274726561746d656e745f706c616e5f6964223a6e756c6c7d', '00-3990982d2274e63822c504eb9354b875-e6189a20319eac43-00', NULL, '2026-11-30 12:11:07.816203+00', NULL),
	(6, '01a22c5d-b35b-76bb-80dd-e1ede34763be', 'billing.payments.v1', '01a22c5d-a486-71d7-9365-0265c87faa80', 'billing.payment.refunded.v1', '01a22c5d-b281-7642-b09a-282bc27ffc04', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 2, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227472616e73616374696f6e5f6964223a2230316132326335642d623333622d373462312d386162362d363364343732656663633439222c2270617469656e745f6964223a2230316132326335642d613438362d373164372d393336352d303236356338376661613830222c22616d6f756e74223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c226d6574686f64223a2262616e6b5f63617264222c226d6574686f645f6c6162656c223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c22736574746c656d656e7473223a5b7b22696e766f6963655f6964223a2230316132326335642d613463392d373633352d386162632d613434623463623738666561222c22696e766f6963655f6e756d626572223a22494e562d323032362d303030303035222c227061796d656e745f6964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c226368616e6765223a7b22616d6f756e74223a222d32302e3030222c2263757272656e6379223a22555344227d2c226372656469746564223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c226f75747374616e64696e67223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d2c22696e7374616c6c6d656e745f6964223a6e756c6c2c226c696e6573223a5b5d2c22706c616365223a332c22736574746c65645f776974685f726566756e6473223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c226e616d6564223a747275657d5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a22302e3030222c2263757272656e6379223a22555344227d2c226e6f7465223a6e756c6c2c2267726f75705f6964223a6e756c6c2c2265787465726e616c5f7265666572656e6365223a6e756c6c2c22726561736f6e5f636f6465223a22676f6f6477696c6c222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d2c227061796d656e745f6964223a2230316132326335642d623238312d373634322d623039612d323832626332376666633034222c22726566756e6465645f736f5f666172223a7b22616d6f756e74223a2232302e3030222c2263757272656e6379223a22555344227d7d', '00-d7cbe9f67ddf70b22da4492cb9720a93-f18ae162793c5a11-00', NULL, '2026-11-30 12:11:08.002322+00', NULL),
	(7, '01a22c5d-b482-74a4-8970-1a3561f67624', 'billing.payments.v1', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'billing.payment.recorded.v1', '01a22c5d-b459-7527-932d-42b12adada3c', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, '2026-11-23 15:00:00+00', '\x7b22636c696e69635f6964223a2230316132326335642d396662392d373262352d616361312d393333356635353462626233222c226f636375727265645f6174223a22323032362d31312d32335431353a30303a30305a222c227472616e73616374696f6e5f6964223a2230316132326335642d623435392d373532372d393332642d343262313261646164613363222c2270617469656e745f6964223a2230316132326335642d613363312d373333362d386139392d666561373466643332636138222c22616d6f756e74223a7b22616d6f756e74223a2231302e3030222c2263757272656e6379223a22555344227d2c227061796572223a7b226b696e64223a2270617469656e74222c2270617965725f6964223a6e756c6c2c226e616d65223a6e756c6c7d2c226d6574686f64223a22636865636b222c226d6574686f645f6c6162656c223a6e756c6c2c227265636f726465645f6174223a22323032362d31312d32335431353a30303a30305a222c22626f6f6b65645f6f6e223a22323032362d31312d3233222c22736574746c656d656e7473223a5b5d2c2270617469656e745f6372656469745f6368616e6765223a7b22616d6f756e74223a2231302e3030222c2263757272656e6379223a22555344227d2c2270617469656e745f6372656469745f62616c616e6365223a7b22616d6f756e74223a2238302e3030222c2263757272656e6379223a22555344227d2c226e6f7465223a6e756c6c2c2267726f75705f6964223a2230316132326335642d623361392d373162342d613761332d643730613331333236663431222c2265787465726e616c5f7265666572656e6365223a6e756c6c2c22726561736f6e5f636f6465223a226465706f736974222c226279223a7b227375626a656374223a22636c65726b3a74657374222c22726561736f6e223a6e756c6c7d2c2272656365697665645f6174223a22323032362d31312d32335431353a30303a30305a222c2274726561746d656e745f706c616e5f6964223a6e756c6c7d', '00-a9534082dfe28d2fef8029fefa723363-66e1dd24149c7325-00', NULL, '2026-11-30 12:11:08.291925+00', NULL);
INSERT INTO public.overpayments (payment_id, invoice_id, clinic_id, minor) VALUES
	('01a22c5d-ad05-70f8-adda-bf48520f6511', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 5000);
INSERT INTO public.patient_credit (clinic_id, patient_id, balance_minor, version) VALUES
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 8000, 3);
INSERT INTO public.payment_group_changes (group_id, version, clinic_id, change, name, color, "position", archived, changed_at, changed_by, reason, in_force_from) VALUES
	('01a22c5d-b3a9-71b4-a7a3-d70a31326f41', 1, '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'created', 'Crowns', NULL, 0, false, '2026-11-23 15:00:00+00', 'clerk:test', NULL, '-infinity');
INSERT INTO public.payment_groups (group_id, clinic_id, name, color, "position", archived, version) VALUES
	('01a22c5d-b3a9-71b4-a7a3-d70a31326f41', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'Crowns', NULL, 0, false, 1);
INSERT INTO public.payment_positions (payment_id, clinic_id, patient_id, amount_minor, allocated_minor, unallocated_minor, refunded_minor, status, note, group_id, version, taken_back_minor) VALUES
	('01a22c5d-abe8-7574-918a-3c5d8c88a1d5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 6000, 6000, 0, 0, 'recorded', NULL, NULL, 1, 0),
	('01a22c5d-acb9-7391-a4bb-5bb6896729ef', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 1500, 1500, 0, 0, 'recorded', NULL, NULL, 1, 0),
	('01a22c5d-ad05-70f8-adda-bf48520f6511', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 15000, 8000, 7000, 0, 'recorded', NULL, NULL, 2, 0),
	('01a22c5d-b281-7642-b09a-282bc27ffc04', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', 8000, 6000, 0, 2000, 'recorded', NULL, NULL, 2, 0),
	('01a22c5d-b459-7527-932d-42b12adada3c', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 1000, 0, 1000, 0, 'recorded', NULL, '01a22c5d-b3a9-71b4-a7a3-d70a31326f41', 1, 0);
INSERT INTO public.receipts (receipt_id, clinic_id, patient_id, transaction_id, number, void) VALUES
	('019ab7c0-000b-7000-8000-000000000001', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', 'REC-2026-000204', true);
INSERT INTO public.refundable_lines (invoice_id, clinic_id, currency, told, rounding_minor, pending) VALUES
	('019ab7c0-0008-7000-8000-000000000001', '019ab7c0-0001-7000-8000-000000000001', 'USD', '{"019ab7c0-0009-7000-8000-000000000001": 6250, "019ab7c0-0009-7000-8000-000000000002": 19350, "019ab7c0-0009-7000-8000-000000000003": 3166}', 0, '{}'),
	('01a22c5d-a558-72fb-98df-1d1d825a6304', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD', '{"01a22c5d-a558-72fb-98df-1d1e0524c76a": 10000}', 0, '{}'),
	('01a22c5d-a1dc-771d-ae91-31ad96cedc10', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD', '{"01a22c5d-a1dc-771d-ae91-31ae8f9843c2": 7500}', 0, '{}'),
	('01a22c5d-a389-74d4-b468-86e234251a34', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD', '{"01a22c5d-a389-74d4-b468-86e3f493dc1e": 7500}', 0, '{}'),
	('01a22c5d-a447-77e4-8b35-f2b46c71ec8e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD', '{"01a22c5d-a447-77e4-8b35-f2b547fb57d7": 7000}', 0, '{}'),
	('01a22c5d-a3e5-7118-a9cb-9810c25d5db7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD', '{"01a22c5d-a3e6-713e-826e-67cf176b89be": 8000}', 0, '{}'),
	('01a22c5d-a4c9-7635-8abc-a44b4cb78fea', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 'USD', '{"01a22c5d-a4c9-7635-8abc-a44c80364ae6": 8000}', 0, '{}');
INSERT INTO public.transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, method_label, payer_kind, payer_id, payer_name, recorded_at, booked_on, recorded_by, payment_id, reverses_id, linked_id, received_at, reason_code, reason, external_reference, treatment_plan_id, group_id, request_id, reference_alike) VALUES
	('01a22c5d-abe8-7574-918a-3c5d8c88a1d5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'payment', 6000, 'USD', 'insurance', NULL, 'insurer', '01a22c5d-9ffb-7443-afbe-7bd84affb7f1', 'Delta', '2026-11-23 15:00:00+00', '2026-11-23', 'clerk:test', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', NULL, NULL, '2026-11-23 15:00:00+00', 'insurer_remittance', NULL, 'ERA 01a22c5d-aadd-756d-b829-d17b4caf2bd9', NULL, NULL, NULL, 'era01a22c5d-aadd-756d-b829-d17b4caf2bd9'),
	('01a22c5d-acb9-7391-a4bb-5bb6896729ef', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 'payment', 1500, 'USD', 'cash', NULL, 'patient', NULL, NULL, '2026-11-23 15:00:00+00', '2026-11-23', 'clerk:test', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', NULL, NULL, '2026-11-23 15:00:00+00', 'invoice_settlement', NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22c5d-ad05-70f8-adda-bf48520f6511', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'payment', 15000, 'USD', 'cash', NULL, 'patient', NULL, NULL, '2026-11-23 15:00:00+00', '2026-11-23', 'clerk:test', '01a22c5d-ad05-70f8-adda-bf48520f6511', NULL, NULL, '2026-11-23 15:00:00+00', 'invoice_settlement', NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22c5d-b0c1-70d8-9b83-264cfe9c2e9f', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'release', 2000, 'USD', 'other', 'patient credit', 'patient', NULL, NULL, '2026-11-23 15:00:00+00', '2026-11-23', 'consumer:payments', NULL, NULL, '01a22c5d-af31-755d-84c6-a57805e24181', NULL, 'invoice_credited', 'credit note CN-2026-000004', NULL, NULL, NULL, NULL, NULL),
	('01a22c5d-b281-7642-b09a-282bc27ffc04', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', 'payment', 8000, 'USD', 'bank_card', NULL, 'patient', NULL, NULL, '2026-11-23 15:00:00+00', '2026-11-23', 'clerk:test', '01a22c5d-b281-7642-b09a-282bc27ffc04', NULL, NULL, '2026-11-23 15:00:00+00', 'invoice_settlement', NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22c5d-b33b-74b1-8ab6-63d472efcc49', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', 'refund', 2000, 'USD', 'bank_card', NULL, 'patient', NULL, NULL, '2026-11-23 15:00:00+00', '2026-11-23', 'clerk:test', '01a22c5d-b281-7642-b09a-282bc27ffc04', NULL, NULL, NULL, 'goodwill', NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22c5d-b459-7527-932d-42b12adada3c', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 'payment', 1000, 'USD', 'check', NULL, 'patient', NULL, NULL, '2026-11-23 15:00:00+00', '2026-11-23', 'clerk:test', '01a22c5d-b459-7527-932d-42b12adada3c', NULL, NULL, '2026-11-23 15:00:00+00', 'deposit', NULL, NULL, NULL, '01a22c5d-b3a9-71b4-a7a3-d70a31326f41', NULL, NULL);
SELECT pg_catalog.setval('public.account_lines_line_id_seq', 20, true);
SELECT pg_catalog.setval('public.dead_letters_id_seq', 7, true);
SELECT pg_catalog.setval('public.journal_entries_entry_id_seq', 38, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 7, true);
SELECT pg_catalog.setval('public.relabelings_relabeling_id_seq', 1, false);
ALTER TABLE public.account_lines
    ADD CONSTRAINT account_lines_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text, 'debit_note'::text, 'void'::text, 'refund_adjustment'::text, 'receipt'::text, 'payment'::text, 'refund'::text, 'cancellation'::text, 'refund_cancellation'::text, 'chargeback'::text, 'credit_application'::text, 'application_cancellation'::text, 'allocation_move'::text, 'move_cancellation'::text, 'credit_transfer_out'::text, 'credit_transfer_in'::text, 'release'::text, 'take_back'::text, 'take_back_cancellation'::text, 'insurer_withheld'::text, 'insurer_added'::text, 'insurer_interest'::text, 'interest_taken_back'::text]))) NOT VALID;
ALTER TABLE ONLY public.account_lines
    ADD CONSTRAINT account_lines_pkey PRIMARY KEY (clinic_id, patient_id, on_date, line_id) INCLUDE (change_minor, insurers_change_minor);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE public.refund_requests
    ADD CONSTRAINT cancellations_have_no_code CHECK (((reason_code IS NULL) = (kind = 'cancellation'::text))) NOT VALID;
ALTER TABLE ONLY public.clinic_directory
    ADD CONSTRAINT clinic_directory_pkey PRIMARY KEY (clinic_id);
ALTER TABLE ONLY public.clinics
    ADD CONSTRAINT clinics_pkey PRIMARY KEY (clinic_id);
ALTER TABLE ONLY public.credit_parts
    ADD CONSTRAINT credit_parts_pkey PRIMARY KEY (payment_id, patient_id);
ALTER TABLE ONLY public.day_totals
    ADD CONSTRAINT day_totals_clinic_id_booked_on_kind_method_method_label_gro_key UNIQUE NULLS NOT DISTINCT (clinic_id, booked_on, kind, method, method_label, group_id);
ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.forgotten_keys
    ADD CONSTRAINT forgotten_keys_pkey PRIMARY KEY (clinic_id, key);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (clinic_id, key);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);
ALTER TABLE ONLY public.installment_plans
    ADD CONSTRAINT installment_plans_pkey PRIMARY KEY (clinic_id, plan_id);
ALTER TABLE ONLY public.installments
    ADD CONSTRAINT installments_pkey PRIMARY KEY (clinic_id, plan_id, installment_id);
ALTER TABLE ONLY public.insurers_parts
    ADD CONSTRAINT insurers_parts_pkey PRIMARY KEY (invoice_id);
ALTER TABLE public.invoice_documents
    ADD CONSTRAINT invoice_documents_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text, 'debit_note'::text, 'void'::text, 'refund_adjustment'::text]))) NOT VALID;
ALTER TABLE ONLY public.invoice_documents
    ADD CONSTRAINT invoice_documents_pkey PRIMARY KEY (document_id);
ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (invoice_id);
ALTER TABLE public.journal_entries
    ADD CONSTRAINT journal_entries_account_check CHECK ((account = ANY (ARRAY['money'::text, 'receivable'::text, 'patient_credit'::text, 'revenue'::text, 'taxes'::text, 'cash_rounding'::text, 'credit_notes'::text, 'write_offs'::text, 'bad_debts'::text, 'refund_allowances'::text, 'chargeback_losses'::text, 'insurer_adjustments'::text, 'interest_income'::text]))) NOT VALID;
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT journal_entries_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY public.merged_records
    ADD CONSTRAINT merged_records_pkey PRIMARY KEY (clinic_id, record_id);
ALTER TABLE public.payment_positions
    ADD CONSTRAINT nothing_lost CHECK (((allocated_minor + unallocated_minor) =
CASE
    WHEN (status = 'recorded'::text) THEN ((amount_minor - refunded_minor) - taken_back_minor)
    ELSE (0)::bigint
END)) NOT VALID;
ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_pkey PRIMARY KEY (clinic_id, series);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.overpayments
    ADD CONSTRAINT overpayments_pkey PRIMARY KEY (invoice_id, payment_id);
ALTER TABLE ONLY public.patient_credit
    ADD CONSTRAINT patient_credit_pkey PRIMARY KEY (clinic_id, patient_id);
ALTER TABLE ONLY public.payment_group_changes
    ADD CONSTRAINT payment_group_changes_pkey PRIMARY KEY (group_id, version);
ALTER TABLE ONLY public.payment_groups
    ADD CONSTRAINT payment_groups_pkey PRIMARY KEY (group_id);
ALTER TABLE ONLY public.payment_positions
    ADD CONSTRAINT payment_positions_pkey PRIMARY KEY (payment_id);
ALTER TABLE ONLY public.payment_setting_versions
    ADD CONSTRAINT payment_setting_versions_pkey PRIMARY KEY (clinic_id, version);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (transaction_id, clinic_id);
ALTER TABLE public.refund_requests
    ADD CONSTRAINT refund_requests_kind_check CHECK ((kind = ANY (ARRAY['refund'::text, 'withdrawal'::text, 'cancellation'::text]))) NOT VALID;
ALTER TABLE ONLY public.refund_requests
    ADD CONSTRAINT refund_requests_pkey PRIMARY KEY (request_id);
ALTER TABLE ONLY public.refundable_lines
    ADD CONSTRAINT refundable_lines_pkey PRIMARY KEY (invoice_id);
ALTER TABLE ONLY public.relabelings
    ADD CONSTRAINT relabelings_pkey PRIMARY KEY (relabeling_id);
ALTER TABLE public.transactions
    ADD CONSTRAINT says_who CHECK ((recorded_by ~ '\S'::text)) NOT VALID;
ALTER TABLE public.payment_setting_versions
    ADD CONSTRAINT says_why CHECK ((COALESCE(reason, ''::text) ~ '\S'::text)) NOT VALID;
ALTER TABLE public.transactions
    ADD CONSTRAINT says_why CHECK (
CASE
    WHEN (kind = ANY (ARRAY['payment'::text, 'refund'::text, 'take_back'::text, 'insurer_withheld'::text, 'insurer_added'::text, 'insurer_interest'::text, 'interest_taken_back'::text])) THEN (COALESCE(reason_code, ''::text) ~ '\S'::text)
    WHEN (kind = ANY (ARRAY['credit_transfer_out'::text, 'credit_transfer_in'::text, 'release'::text])) THEN ((COALESCE(reason_code, ''::text) ~ '\S'::text) OR (COALESCE(reason, ''::text) ~ '\S'::text))
    ELSE (COALESCE(reason, ''::text) ~ '\S'::text)
END) NOT VALID;
ALTER TABLE ONLY public.summed_days
    ADD CONSTRAINT summed_days_pkey PRIMARY KEY (clinic_id);
ALTER TABLE public.transactions
    ADD CONSTRAINT transactions_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text, 'cancellation'::text, 'refund_cancellation'::text, 'chargeback'::text, 'credit_application'::text, 'application_cancellation'::text, 'allocation_move'::text, 'move_cancellation'::text, 'credit_transfer_out'::text, 'credit_transfer_in'::text, 'release'::text, 'take_back'::text, 'take_back_cancellation'::text, 'insurer_withheld'::text, 'insurer_added'::text, 'insurer_interest'::text, 'interest_taken_back'::text]))) NOT VALID;
ALTER TABLE ONLY public.transactions
    ADD CONSTRAINT transactions_pkey PRIMARY KEY (transaction_id);
ALTER TABLE public.refund_requests
    ADD CONSTRAINT two_persons CHECK (((state <> ALL (ARRAY['completed'::text, 'rejected'::text])) OR (lower(btrim(decided_by)) <> lower(btrim(requested_by))))) NOT VALID;
CREATE INDEX credit_parts_of_patient ON public.credit_parts USING btree (clinic_id, patient_id) WHERE (minor > 0);
CREATE INDEX dead_letters_dismissed ON public.dead_letters USING btree (resolved_at) WHERE ((state = 'dismissed'::text) AND (octet_length(data) > 0));
CREATE INDEX dead_letters_due ON public.dead_letters USING btree (next_attempt_at) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX dead_letters_once ON public.dead_letters USING btree (consumer, event_id) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));
CREATE INDEX dead_letters_open ON public.dead_letters USING btree (consumer, topic, key, id) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));
CREATE INDEX documents_of_refunds ON public.invoice_documents USING btree (refund_id) WHERE (refund_id IS NOT NULL);
CREATE INDEX group_changes_by_day ON public.payment_group_changes USING btree (group_id, in_force_from, version);
CREATE INDEX groups_of_clinic ON public.payment_groups USING btree (clinic_id, group_id);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING brin (created_at);
CREATE INDEX installments_of_invoice ON public.installments USING btree (invoice_id, "position");
CREATE INDEX invoices_by_id ON public.invoices USING btree (clinic_id, invoice_id);
CREATE INDEX invoices_of_patient ON public.invoices USING btree (clinic_id, patient_id, invoice_id);
CREATE INDEX journal_of_day ON public.journal_entries USING btree (clinic_id, booked_on, entry_id);
CREATE INDEX journal_of_invoice ON public.journal_entries USING btree (invoice_id) WHERE (invoice_id IS NOT NULL);
CREATE INDEX journal_of_patient ON public.journal_entries USING btree (clinic_id, patient_id, posting_id) INCLUDE (account, minor) WHERE (patient_id IS NOT NULL);
CREATE INDEX journal_of_payment ON public.journal_entries USING btree (payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX merged_records_by_into ON public.merged_records USING btree (clinic_id, into_id);
CREATE INDEX merged_records_by_survivor ON public.merged_records USING btree (clinic_id, survivor_id);
CREATE INDEX outbox_published ON public.outbox USING brin (published_at);
CREATE INDEX outbox_unpublished ON public.outbox USING btree (id) WHERE (published_at IS NULL);
CREATE UNIQUE INDEX payment_group_names ON public.payment_groups USING btree (clinic_id, lower(name)) WHERE (NOT archived);
CREATE INDEX positions_of_group ON public.payment_positions USING btree (group_id) WHERE (group_id IS NOT NULL);
CREATE INDEX positions_undone ON public.payment_positions USING btree (clinic_id, status) WHERE (status <> 'recorded'::text);
CREATE INDEX positions_with_notes ON public.payment_positions USING btree (clinic_id) WHERE (note IS NOT NULL);
CREATE INDEX refund_requests_of_clinic ON public.refund_requests USING btree (clinic_id, state, request_id);
CREATE INDEX refunds_alone ON public.transactions USING btree (clinic_id, booked_on) WHERE ((kind = ANY (ARRAY['refund'::text, 'cancellation'::text])) AND (request_id IS NULL));
CREATE INDEX relabelings_of_day ON public.relabelings USING btree (clinic_id, changed_on);
CREATE INDEX relabelings_of_group ON public.relabelings USING btree (group_before) WHERE (group_before IS NOT NULL);
CREATE INDEX relabelings_of_payment ON public.relabelings USING btree (payment_id, relabeling_id);
CREATE INDEX relabelings_with_words ON public.relabelings USING btree (clinic_id, changed_on) WHERE (num_nonnulls(note_before, note_after, reason) > 0);
CREATE INDEX requests_with_words ON public.refund_requests USING btree (clinic_id, requested_at) WHERE ((state <> 'requested'::text) AND ((reason <> 'its years are over'::text) OR (decision_reason <> 'its years are over'::text)));
CREATE UNIQUE INDEX transaction_reversed_once ON public.transactions USING btree (reverses_id) WHERE (reverses_id IS NOT NULL);
CREATE INDEX transactions_by_id ON public.transactions USING btree (clinic_id, transaction_id);
CREATE INDEX transactions_of_day ON public.transactions USING btree (clinic_id, booked_on, transaction_id) INCLUDE (kind, method, method_label, group_id, payment_id, amount_minor);
CREATE INDEX transactions_of_patient ON public.transactions USING btree (clinic_id, patient_id, transaction_id);
CREATE INDEX transactions_of_payment ON public.transactions USING btree (payment_id) WHERE (payment_id <> transaction_id);
CREATE INDEX transactions_of_reference_alike ON public.transactions USING btree (clinic_id, reference_alike) WHERE (reference_alike IS NOT NULL);
CREATE INDEX transactions_of_request ON public.transactions USING btree (request_id, transaction_id) WHERE (request_id IS NOT NULL);
CREATE INDEX transactions_with_words ON public.transactions USING btree (clinic_id, booked_on) WHERE ((payer_kind <> 'insurer'::text) AND ((payer_name IS NOT NULL) OR (external_reference IS NOT NULL) OR (reason <> 'its years are over'::text)));
CREATE INDEX transfers_of_reference_alike ON public.transactions USING btree (clinic_id, reference_alike) WHERE ((payer_kind = 'insurer'::text) AND (reference_alike IS NOT NULL));
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.account_lines FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.clinic_directory FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.day_totals FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.forgotten_keys FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.invoice_documents FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.journal_entries FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.overpayments FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.payment_group_changes FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.payment_setting_versions FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE ON public.relabelings FOR EACH ROW EXECUTE FUNCTION public.refuse_all_but_emptying('note_before', 'note_after', 'reason');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.transactions FOR EACH ROW EXECUTE FUNCTION public.refuse_change_while_kept();
CREATE TRIGGER append_only_row BEFORE DELETE ON public.relabelings FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.account_lines FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.clinic_directory FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.day_totals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.forgotten_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.invoice_documents FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.journal_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.overpayments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.payment_group_changes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.payment_setting_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.relabelings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.transactions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER balanced AFTER INSERT ON public.journal_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_unbalanced();
CREATE TRIGGER tell_reference BEFORE INSERT ON public.transactions FOR EACH ROW WHEN ((new.external_reference IS NOT NULL)) EXECUTE FUNCTION public.tell_reference();
ALTER TABLE ONLY public.payment_positions
    ADD CONSTRAINT payment_positions_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.payment_groups(group_id);
ALTER TABLE public.account_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY clinic ON public.account_lines USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.clinic_directory USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.clinics USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.credit_parts USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.day_totals USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.dead_letters USING ((COALESCE(clinic_id, '00000000-0000-0000-0000-000000000000'::uuid) = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((COALESCE(clinic_id, '00000000-0000-0000-0000-000000000000'::uuid) = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.forgotten_keys USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.idempotency_keys USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installment_plans USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installments USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.insurers_parts USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.invoice_documents USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.invoices USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.journal_entries USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.merged_records USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.number_series USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.outbox USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.overpayments USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.patient_credit USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.payment_group_changes USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.payment_groups USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.payment_positions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.payment_setting_versions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.receipts USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.refund_requests USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.refundable_lines USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.relabelings USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.summed_days USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.transactions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
ALTER TABLE public.clinic_directory ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.clinics ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.credit_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.day_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dead_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY expired_seen ON public.idempotency_keys FOR SELECT USING (((current_setting('app.sweeping'::text, true) = 'on'::text) AND (created_at < (now() - '7 days'::interval))));
CREATE POLICY expired_swept ON public.idempotency_keys FOR DELETE USING (((current_setting('app.sweeping'::text, true) = 'on'::text) AND (created_at < (now() - '7 days'::interval))));
ALTER TABLE public.forgotten_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.insurers_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.journal_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON public.dead_letters USING ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text)) WITH CHECK ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text));
CREATE POLICY machinery ON public.outbox USING ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text)) WITH CHECK ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text));
ALTER TABLE public.merged_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.number_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.overpayments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.patient_credit ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_group_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_setting_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY proving ON public.clinic_directory FOR SELECT USING ((current_setting('app.proving'::text, true) = 'on'::text));
ALTER TABLE public.receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.refund_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.refundable_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.relabelings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.summed_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.transactions ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA public TO test_payments_app;
REVOKE ALL ON FUNCTION public.empty_expired_words(clinics uuid[], most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.empty_expired_words(clinics uuid[], most integer) TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.account_lines TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.clinic_directory TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clinics TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.credit_parts TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.day_totals TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_letters TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.forgotten_keys TO test_payments_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.inbox TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.installment_plans TO test_payments_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.installments TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.insurers_parts TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.invoice_documents TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.invoices TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.journal_entries TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.merged_records TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.number_series TO test_payments_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.overpayments TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.patient_credit TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.payment_group_changes TO test_payments_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payment_groups TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.payment_positions TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.payment_setting_versions TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.receipts TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.refund_requests TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.refundable_lines TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.relabelings TO test_payments_app;
GRANT UPDATE(note_before) ON TABLE public.relabelings TO test_payments_app;
GRANT UPDATE(note_after) ON TABLE public.relabelings TO test_payments_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.summed_days TO test_payments_app;
GRANT SELECT,INSERT ON TABLE public.transactions TO test_payments_app;
