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
ALTER FUNCTION public.current_clinics() OWNER TO test_notifications_owner;
CREATE FUNCTION public.records_of(uuid, uuid) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT survivor_of($1, $2) || ARRAY(
        SELECT m.record_id FROM merged_records AS m
         WHERE m.clinic_id = $1 AND m.survivor_id = survivor_of($1, $2) AND m.record_id <> m.survivor_id
         ORDER BY m.record_id)
$_$;
ALTER FUNCTION public.records_of(uuid, uuid) OWNER TO test_notifications_owner;
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
ALTER FUNCTION public.refuse_all_but_emptying() OWNER TO test_notifications_owner;
CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.refuse_change() OWNER TO test_notifications_owner;
CREATE FUNCTION public.survivor_of(uuid, uuid) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT coalesce((SELECT m.survivor_id FROM merged_records AS m WHERE m.clinic_id = $1 AND m.record_id = $2), $2)
$_$;
ALTER FUNCTION public.survivor_of(uuid, uuid) OWNER TO test_notifications_owner;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE public.alembic_version OWNER TO test_notifications_owner;
CREATE TABLE public.attempts (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    message_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    detail text,
    by_subject text NOT NULL,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'retrying'::text, 'refused'::text, 'given_up'::text, 'unknown'::text, 'suppressed'::text, 'resend_requested'::text])))
);
ALTER TABLE ONLY public.attempts FORCE ROW LEVEL SECURITY;
ALTER TABLE public.attempts OWNER TO test_notifications_owner;
CREATE TABLE public.clinic_directory (
    clinic_id uuid CONSTRAINT clinic_register_clinic_id_not_null NOT NULL
);
ALTER TABLE public.clinic_directory OWNER TO test_notifications_owner;
CREATE VIEW public.clinic_register AS
 SELECT clinic_id
   FROM public.clinic_directory;
ALTER VIEW public.clinic_register OWNER TO test_notifications_owner;
CREATE TABLE public.clinics (
    clinic_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL,
    language text NOT NULL,
    email text,
    phone text
);
ALTER TABLE ONLY public.clinics FORCE ROW LEVEL SECURITY;
ALTER TABLE public.clinics OWNER TO test_notifications_owner;
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
ALTER TABLE public.dead_letters OWNER TO test_notifications_owner;
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
ALTER TABLE public.forgotten_keys OWNER TO test_notifications_owner;
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
ALTER TABLE public.idempotency_keys OWNER TO test_notifications_owner;
CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id text NOT NULL,
    handled_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE public.inbox OWNER TO test_notifications_owner;
CREATE TABLE public.installment_plans (
    clinic_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    version bigint NOT NULL,
    live boolean NOT NULL,
    installments jsonb NOT NULL,
    named jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE ONLY public.installment_plans FORCE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plans OWNER TO test_notifications_owner;
CREATE TABLE public.invoices (
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    total_minor bigint,
    change_minor bigint DEFAULT 0 NOT NULL,
    is_void boolean DEFAULT false NOT NULL,
    insurers_estimated_minor bigint DEFAULT 0 NOT NULL,
    insurers_decided_minor bigint,
    insurers_decided_version bigint DEFAULT 0 NOT NULL,
    insurers_paid_minor bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.invoices FORCE ROW LEVEL SECURITY;
ALTER TABLE public.invoices OWNER TO test_notifications_owner;
CREATE TABLE public.merged_records (
    clinic_id uuid NOT NULL,
    record_id uuid NOT NULL,
    into_id uuid NOT NULL,
    said_at timestamp with time zone NOT NULL,
    survivor_id uuid NOT NULL
);
ALTER TABLE ONLY public.merged_records FORCE ROW LEVEL SECURITY;
ALTER TABLE public.merged_records OWNER TO test_notifications_owner;
CREATE TABLE public.messages (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    about_event_id text NOT NULL,
    about_event_type text NOT NULL,
    notice text NOT NULL,
    step text NOT NULL,
    channel text NOT NULL,
    recipient text NOT NULL,
    subject jsonb NOT NULL,
    transaction_id uuid,
    invoice_id uuid,
    state text NOT NULL,
    cause text,
    planned_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    first_failed_at timestamp with time zone,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    address text,
    template text,
    template_version integer DEFAULT 0 NOT NULL,
    language text,
    provider_answer text,
    traceparent text,
    tracestate text,
    version bigint DEFAULT 1 NOT NULL,
    plan_id uuid,
    contact_of uuid,
    copy_of uuid,
    CONSTRAINT messages_cause_check CHECK ((cause = ANY (ARRAY['no_consent'::text, 'no_address'::text, 'switched_off'::text, 'no_longer_true'::text]))),
    CONSTRAINT messages_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'webhook'::text]))),
    CONSTRAINT messages_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'claimed'::text, 'retrying'::text, 'sent'::text, 'suppressed'::text, 'refused'::text, 'given_up'::text, 'unknown'::text]))),
    CONSTRAINT messages_suppressed_for_a_cause CHECK (((state = 'suppressed'::text) = (cause IS NOT NULL)))
);
ALTER TABLE ONLY public.messages FORCE ROW LEVEL SECURITY;
ALTER TABLE public.messages OWNER TO test_notifications_owner;
CREATE TABLE public.number_series (
    clinic_id uuid NOT NULL,
    series text NOT NULL,
    last_number bigint NOT NULL,
    last_date date NOT NULL
);
ALTER TABLE ONLY public.number_series FORCE ROW LEVEL SECURITY;
ALTER TABLE public.number_series OWNER TO test_notifications_owner;
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
ALTER TABLE public.outbox OWNER TO test_notifications_owner;
ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.patients (
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version bigint NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    language text,
    time_zone text,
    contact_points jsonb NOT NULL,
    forgotten_at timestamp with time zone
);
ALTER TABLE ONLY public.patients FORCE ROW LEVEL SECURITY;
ALTER TABLE public.patients OWNER TO test_notifications_owner;
CREATE TABLE public.receipts (
    clinic_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    receipt_id uuid NOT NULL,
    number text NOT NULL
);
ALTER TABLE ONLY public.receipts FORCE ROW LEVEL SECURITY;
ALTER TABLE public.receipts OWNER TO test_notifications_owner;
CREATE TABLE public.sending_queue (
    message_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL
);
ALTER TABLE public.sending_queue OWNER TO test_notifications_owner;
CREATE TABLE public.settings (
    clinic_id uuid NOT NULL,
    version bigint NOT NULL,
    body jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    reason text,
    CONSTRAINT settings_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.settings FORCE ROW LEVEL SECURITY;
ALTER TABLE public.settings OWNER TO test_notifications_owner;
CREATE TABLE public.transactions (
    clinic_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    stands boolean NOT NULL,
    payer_name text,
    patient_id uuid
);
ALTER TABLE ONLY public.transactions FORCE ROW LEVEL SECURITY;
ALTER TABLE public.transactions OWNER TO test_notifications_owner;
INSERT INTO public.alembic_version (version_num) VALUES
	('20261201_copies');
INSERT INTO public.clinic_directory (clinic_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3');
INSERT INTO public.clinics (clinic_id, version, name, time_zone, language, email, phone) VALUES
	('019ab7c0-0001-7000-8000-000000000001', 3, 'Maple Street Dental', 'America/New_York', 'en-US', 'front.desk@maple-street.example', '+1 413 555 0142'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', 1, 'A', 'UTC', 'en', NULL, NULL);
INSERT INTO public.forgotten_keys (clinic_id, key, forgotten_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000002', '2026-11-30 12:11:02.636097+00');
INSERT INTO public.inbox (consumer, event_id, handled_at) VALUES
	('notifications', '019ab7c0-00e7-7000-8000-000000000007', '2026-11-30 12:11:00.813254+00'),
	('notifications', '019ab7c0-00e4-7000-8000-00000000000c', '2026-11-30 12:11:01.145486+00'),
	('notifications', '019ab7c0-00e0-7000-8000-000000000001', '2026-11-30 12:11:01.243207+00'),
	('notifications', '019ab7c0-00e1-7000-8000-000000000001', '2026-11-30 12:11:01.29672+00'),
	('notifications', '019ab7c0-00e7-7000-8000-000000000001', '2026-11-30 12:11:01.359933+00'),
	('notifications', '019ab7c0-00e7-7000-8000-000000000004', '2026-11-30 12:11:01.359986+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000006', '2026-11-30 12:11:01.479559+00'),
	('notifications', '019ab7c0-00e4-7000-8000-00000000000d', '2026-11-30 12:11:01.479599+00'),
	('notifications', '019ab7c0-00e7-7000-8000-000000000002', '2026-11-30 12:11:01.546945+00'),
	('notifications', '019ab7c0-00e7-7000-8000-000000000005', '2026-11-30 12:11:01.547005+00'),
	('notifications', '019ab7c0-00e7-7000-8000-000000000006', '2026-11-30 12:11:01.547016+00'),
	('notifications', '019ab7c0-00e1-7000-8000-000000000002', '2026-11-30 12:11:01.630583+00'),
	('notifications', '019ab7c0-00e1-7000-8000-000000000004', '2026-11-30 12:11:01.630629+00'),
	('notifications', '019ab7c0-00e3-7000-8000-000000000002', '2026-11-30 12:11:01.726921+00'),
	('notifications', '019ab7c0-00e5-7000-8000-000000000001', '2026-11-30 12:11:01.782503+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000001', '2026-11-30 12:11:01.875991+00'),
	('notifications', '019ab7c0-00e3-7000-8000-000000000005', '2026-11-30 12:11:01.930216+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000002', '2026-11-30 12:11:01.971406+00'),
	('notifications', '019ab7c0-00e3-7000-8000-000000000006', '2026-11-30 12:11:02.018558+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000003', '2026-11-30 12:11:02.037843+00'),
	('notifications', '019ab7c0-00e5-7000-8000-000000000002', '2026-11-30 12:11:02.099601+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000004', '2026-11-30 12:11:02.13495+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000008', '2026-11-30 12:11:02.194447+00'),
	('notifications', '019ab7c0-00e2-7000-8000-000000000002', '2026-11-30 12:11:02.250972+00'),
	('notifications', '019ab7c0-00e3-7000-8000-000000000003', '2026-11-30 12:11:02.25102+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000005', '2026-11-30 12:11:02.310497+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000012', '2026-11-30 12:11:02.310551+00'),
	('notifications', '019ab7c0-00e4-7000-8000-000000000014', '2026-11-30 12:11:02.31056+00'),
	('notifications', '019ab7c0-00e3-7000-8000-000000000004', '2026-11-30 12:11:02.449357+00'),
	('notifications', '019ab7c0-00e7-7000-8000-000000000003', '2026-11-30 12:11:02.449433+00'),
	('notifications', '019ab7c0-00e1-7000-8000-000000000003', '2026-11-30 12:11:02.592409+00'),
	('notifications', '01a22c5d-ce40-75c5-9738-53d5d85f66b7', '2026-11-30 12:11:14.924454+00'),
	('notifications', '01a22c5d-ce40-75c5-9738-53d6c9266be2', '2026-11-30 12:11:14.924524+00'),
	('notifications', '01a22c5d-ce40-75c5-9738-53d7a7d57666', '2026-11-30 12:11:14.924532+00'),
	('notifications', '01a22c5d-ce40-75c5-9738-53d8212ae07a', '2026-11-30 12:11:14.924539+00'),
	('notifications', '01a22c5d-ce40-75c5-9738-53d90e2a6dff', '2026-11-30 12:11:14.924545+00'),
	('notifications', '01a22c5d-ce40-75c5-9738-53dabdd56b49', '2026-11-30 12:11:14.924552+00'),
	('notifications', '01a22c5d-a09f-716b-8382-796808f39670', '2026-11-30 12:11:15.005226+00'),
	('notifications', '01a22c5d-a2f4-71d4-96e1-3ee41b5e7e59', '2026-11-30 12:11:15.073092+00'),
	('notifications', '01a22c5d-a39e-733f-9de9-da19b4c1df0e', '2026-11-30 12:11:15.073138+00'),
	('notifications', '01a22c5d-a3f8-748c-9e41-22f5cb2de7c4', '2026-11-30 12:11:15.073193+00'),
	('notifications', '01a22c5d-a454-748f-8dd4-3dd450da67f6', '2026-11-30 12:11:15.073201+00'),
	('notifications', '01a22c5d-a4fa-712c-a367-b044a2258f50', '2026-11-30 12:11:15.073207+00'),
	('notifications', '01a22c5d-a584-73e3-9cb9-b56cd5687103', '2026-11-30 12:11:15.073214+00'),
	('notifications', '01a22c5d-a82e-77bc-bf7b-3c53cdb04cb3', '2026-11-30 12:11:15.07322+00'),
	('notifications', '01a22c5d-a82e-77bc-bf7b-3c54b9fc5c26', '2026-11-30 12:11:15.073227+00'),
	('notifications', '01a22c5d-a82e-77bc-bf7b-3c55a1f5da88', '2026-11-30 12:11:15.073234+00'),
	('notifications', '01a22c5d-a82e-77bc-bf7b-3c56706ece0f', '2026-11-30 12:11:15.07324+00'),
	('notifications', '01a22c5d-aeb7-76d3-ba77-31dc287b04aa', '2026-11-30 12:11:15.073246+00'),
	('notifications', '01a22c5d-af46-7196-a3d4-c776f9424e43', '2026-11-30 12:11:15.073253+00');
INSERT INTO public.inbox (consumer, event_id, handled_at) VALUES
	('notifications', '01a22c5d-b5bc-75e2-94f8-c8c8a7208225', '2026-11-30 12:11:15.073259+00'),
	('notifications', '01a22c5d-b84f-7510-9782-2b2a438e9874', '2026-11-30 12:11:15.073278+00'),
	('notifications', '01a22c5d-abfe-71be-af18-6484c3e2ec2d', '2026-11-30 12:11:15.364002+00'),
	('notifications', '01a22c5d-acc4-7180-9ebf-5d24da966191', '2026-11-30 12:11:15.364039+00'),
	('notifications', '01a22c5d-ad4a-7495-9d26-58ec82399280', '2026-11-30 12:11:15.364048+00'),
	('notifications', '01a22c5d-b0ee-72b8-8045-077f111afad6', '2026-11-30 12:11:15.364056+00'),
	('notifications', '01a22c5d-b292-7669-bcfa-4f309c50b4ab', '2026-11-30 12:11:15.364063+00'),
	('notifications', '01a22c5d-b35b-76bb-80dd-e1ede34763be', '2026-11-30 12:11:15.36407+00'),
	('notifications', '01a22c5d-b482-74a4-8970-1a3561f67624', '2026-11-30 12:11:15.364087+00');
INSERT INTO public.installment_plans (clinic_id, plan_id, invoice_id, version, live, installments, named) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0011-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000004', 3, false, '[{"id": "019ab7c0-0012-7000-8000-000000000001", "due": "2026-11-03", "remaining_minor": 0}, {"id": "019ab7c0-0012-7000-8000-000000000005", "due": "2026-11-30", "remaining_minor": 22500}, {"id": "019ab7c0-0012-7000-8000-000000000006", "due": "2026-12-30", "remaining_minor": 22500}, {"id": "019ab7c0-0012-7000-8000-000000000007", "due": "2027-01-30", "remaining_minor": 22500}, {"id": "019ab7c0-0012-7000-8000-000000000008", "due": "2027-02-28", "remaining_minor": 22500}]', '{}'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b513-7420-976e-c5642be8ee5c', '01a22c5d-a558-72fb-98df-1d1d825a6304', 1, true, '[{"id": "01a22c5d-b513-7420-976e-c565f8f1748d", "due": "2026-12-24", "remaining_minor": 3334}, {"id": "01a22c5d-b513-7420-976e-c566caa44d52", "due": "2027-01-24", "remaining_minor": 3333}, {"id": "01a22c5d-b513-7420-976e-c567643b271a", "due": "2027-02-24", "remaining_minor": 3333}]', '{}');
INSERT INTO public.invoices (clinic_id, invoice_id, total_minor, change_minor, is_void, insurers_estimated_minor, insurers_decided_minor, insurers_decided_version, insurers_paid_minor) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000002', NULL, 0, true, 0, NULL, 0, 0),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000001', 28766, -1544, false, 22160, 20010, 6, 0),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0008-7000-8000-000000000003', NULL, 2750, false, 0, NULL, 0, 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a558-72fb-98df-1d1d825a6304', 10000, 0, false, 0, NULL, 0, 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 10000, -3000, false, 0, NULL, 0, 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a389-74d4-b468-86e234251a34', 10000, -2500, false, 0, 6000, 4, 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 10000, -10000, false, 0, 6000, 4, 6000),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 10000, -10000, false, 0, NULL, 0, 0),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 10000, -8000, false, 0, NULL, 0, 0);
INSERT INTO public.merged_records (clinic_id, record_id, into_id, said_at, survivor_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000003', '019ab7c0-0002-7000-8000-000000000001', '2026-11-19 10:12:00+00', '019ab7c0-0002-7000-8000-000000000001');
INSERT INTO public.messages (id, clinic_id, patient_id, about_event_id, about_event_type, notice, step, channel, recipient, subject, transaction_id, invoice_id, state, cause, planned_at, next_attempt_at, attempts, first_failed_at, claimed_at, sent_at, address, template, template_version, language, provider_answer, traceparent, tracestate, version, plan_id, contact_of, copy_of) VALUES
	('01a22c5d-9819-707d-9922-d6f0fade9ea8', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000007', 'billing.invoice.overdue.v1', 'invoice_overdue', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-10-12T04:00:00Z", "number": "INV-2026-000089", "currency": "USD", "document": "invoice", "due_date": "2026-10-11", "position": null, "reopened": [], "document_id": "019ab7c0-0008-7000-8000-000000000003", "amount_minor": 8000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": 8000}', NULL, '019ab7c0-0008-7000-8000-000000000003', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-999c-741a-9d01-3c88f4421ca6', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000001', 'billing.installment_plan.agreed.v1', 'plan_agreed', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-03T15:20:00Z", "number": "INV-2026-000101", "currency": "USD", "document": "installment_plan", "due_date": null, "position": null, "reopened": [], "document_id": "019ab7c0-0011-7000-8000-000000000001", "amount_minor": 118000, "installments": null, "plan_version": 1, "installment_id": null, "outstanding_minor": 118000}', NULL, '019ab7c0-0008-7000-8000-000000000004', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '019ab7c0-0011-7000-8000-000000000001', NULL, NULL),
	('01a22c5d-99bb-735d-aef7-1d04ef9996a4', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000004', 'billing.installment.due_soon.v1', 'installment_due_soon', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-10T05:00:00Z", "number": "INV-2026-000101", "currency": "USD", "document": null, "due_date": "2026-11-13", "position": 2, "reopened": [], "document_id": null, "amount_minor": 30000, "installments": 4, "plan_version": null, "installment_id": "019ab7c0-0012-7000-8000-000000000002", "outstanding_minor": 90000}', NULL, '019ab7c0-0008-7000-8000-000000000004', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '019ab7c0-0011-7000-8000-000000000001', NULL, NULL),
	('01a22c5d-9a30-76dc-b824-1ac9e0668943', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000005', 'billing.installment.due.v1', 'installment_due', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-13T05:00:00Z", "number": "INV-2026-000101", "currency": "USD", "document": null, "due_date": "2026-11-13", "position": 2, "reopened": [], "document_id": null, "amount_minor": 30000, "installments": 4, "plan_version": null, "installment_id": "019ab7c0-0012-7000-8000-000000000002", "outstanding_minor": 90000}', NULL, '019ab7c0-0008-7000-8000-000000000004', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '019ab7c0-0011-7000-8000-000000000001', NULL, NULL),
	('01a22c5d-9a4e-739a-a991-eb6f4a1531d7', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000006', 'billing.installment.overdue.v1', 'installment_overdue', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-14T05:00:00Z", "number": "INV-2026-000101", "currency": "USD", "document": null, "due_date": "2026-11-13", "position": 2, "reopened": [], "document_id": null, "amount_minor": 30000, "installments": 4, "plan_version": null, "installment_id": "019ab7c0-0012-7000-8000-000000000002", "outstanding_minor": 90000}', NULL, '019ab7c0-0008-7000-8000-000000000004', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '019ab7c0-0011-7000-8000-000000000001', NULL, NULL),
	('01a22c5d-9a6e-76a6-8c13-9bd12f3c6aa3', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000002', 'billing.installment_plan.changed.v1', 'plan_changed', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-16T16:05:00Z", "number": "INV-2026-000101", "currency": "USD", "document": "installment_plan", "due_date": null, "position": null, "reopened": [], "document_id": "019ab7c0-0011-7000-8000-000000000001", "amount_minor": 90000, "installments": null, "plan_version": 2, "installment_id": null, "outstanding_minor": 90000}', NULL, '019ab7c0-0008-7000-8000-000000000004', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '019ab7c0-0011-7000-8000-000000000001', NULL, NULL),
	('01a22c5d-9aef-7231-a55e-f573a5ce44df', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e3-7000-8000-000000000002', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-20T15:05:00Z", "number": "INV-2026-000117", "currency": "USD", "document": "invoice", "due_date": "2026-12-20", "position": null, "reopened": [], "document_id": "019ab7c0-0008-7000-8000-000000000001", "amount_minor": 28766, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '019ab7c0-0008-7000-8000-000000000001', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-9b4c-71a6-877f-ff1576110190', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e5-7000-8000-000000000001', 'billing.receipt.issued.v1', 'payment_recorded', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-20T15:12:00Z", "number": "REC-2026-000204", "currency": "USD", "document": "receipt", "due_date": null, "position": null, "reopened": [], "document_id": "019ab7c0-000b-7000-8000-000000000001", "amount_minor": 7000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', '019ab7c0-000a-7000-8000-000000000001', NULL, 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-9c25-7071-bd05-b5ed34b0b17b', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000003', 'billing.refund.cancelled.v1', 'refund_cancelled', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-23T15:02:00Z", "number": null, "currency": "USD", "document": null, "due_date": null, "position": null, "reopened": [], "document_id": null, "amount_minor": 1000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', '019ab7c0-000a-7000-8000-000000000002', NULL, 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-9c87-77bd-8897-d8ea4e043683', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000004', 'billing.payment.cancelled.v1', 'payment_cancelled', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-23T15:30:00Z", "number": null, "currency": "USD", "document": null, "due_date": null, "position": null, "reopened": [{"number": "INV-2026-000117", "reopened_minor": 6606, "outstanding_minor": 28766}], "document_id": null, "amount_minor": 7000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', '019ab7c0-000a-7000-8000-000000000001', NULL, 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-9d60-7633-b9e8-16e01995e35c', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e4-7000-8000-000000000005', 'billing.payment.charged_back.v1', 'payment_charged_back', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-25T09:45:00Z", "number": null, "currency": "USD", "document": null, "due_date": null, "position": null, "reopened": [{"number": "INV-2026-000089", "reopened_minor": 6000, "outstanding_minor": 6000}], "document_id": null, "amount_minor": 8000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', '019ab7c0-000a-7000-8000-000000000003', NULL, 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-9df4-7087-a6a3-07cbb20d692f', '019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', '019ab7c0-00e7-7000-8000-000000000003', 'billing.installment_plan.cancelled.v1', 'plan_cancelled', 'once', 'email', 'patient:019ab7c0-0002-7000-8000-000000000001', '{"at": "2026-11-27T10:40:00Z", "number": "INV-2026-000101", "currency": "USD", "document": null, "due_date": null, "position": null, "reopened": [], "document_id": null, "amount_minor": 90000, "installments": null, "plan_version": 3, "installment_id": null, "outstanding_minor": 90000}', NULL, '019ab7c0-0008-7000-8000-000000000004', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '019ab7c0-0011-7000-8000-000000000001', NULL, NULL),
	('01a22c5d-cf45-73ca-b630-c1ee3890efc5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', '01a22c5d-a2f4-71d4-96e1-3ee41b5e7e59', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:01a22c5d-a18e-774f-9e22-8bc5a3054f42', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000001", "currency": "USD", "document": "invoice", "due_date": "2026-12-23", "position": null, "reopened": [], "document_id": "01a22c5d-a1dc-771d-ae91-31ad96cedc10", "amount_minor": 10000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '01a22c5d-a1dc-771d-ae91-31ad96cedc10', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-cf45-73ca-b630-c1ef4d0c59f7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', '01a22c5d-a39e-733f-9de9-da19b4c1df0e', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:01a22c5d-a361-7739-9eb5-eb524ad677e9', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000002", "currency": "USD", "document": "invoice", "due_date": "2026-12-23", "position": null, "reopened": [], "document_id": "01a22c5d-a389-74d4-b468-86e234251a34", "amount_minor": 10000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '01a22c5d-a389-74d4-b468-86e234251a34', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-cf45-73ca-b630-c1f02f4c74c5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '01a22c5d-a3f8-748c-9e41-22f5cb2de7c4', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:01a22c5d-a3c1-7336-8a99-fea74fd32ca8', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000003", "currency": "USD", "document": "invoice", "due_date": "2026-12-23", "position": null, "reopened": [], "document_id": "01a22c5d-a3e5-7118-a9cb-9810c25d5db7", "amount_minor": 10000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '01a22c5d-a3e5-7118-a9cb-9810c25d5db7', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-cf45-73ca-b630-c1f1764e7f69', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', '01a22c5d-a454-748f-8dd4-3dd450da67f6', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:01a22c5d-a41f-77c6-ade1-b84563555c45', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000004", "currency": "USD", "document": "invoice", "due_date": "2026-12-23", "position": null, "reopened": [], "document_id": "01a22c5d-a447-77e4-8b35-f2b46c71ec8e", "amount_minor": 10000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '01a22c5d-a447-77e4-8b35-f2b46c71ec8e', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-cf46-7499-be5e-0063c8ac87cf', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', '01a22c5d-a4fa-712c-a367-b044a2258f50', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:01a22c5d-a486-71d7-9365-0265c87faa80', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000005", "currency": "USD", "document": "invoice", "due_date": "2026-12-23", "position": null, "reopened": [], "document_id": "01a22c5d-a4c9-7635-8abc-a44b4cb78fea", "amount_minor": 10000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '01a22c5d-a4c9-7635-8abc-a44b4cb78fea', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-cf46-7499-be5e-006449f43a4e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', '01a22c5d-a584-73e3-9cb9-b56cd5687103', 'billing.invoice.issued.v1', 'invoice_issued', 'once', 'email', 'patient:01a22c5d-a526-772b-b554-3370f4ba8e2d', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000006", "currency": "USD", "document": "invoice", "due_date": "2026-12-23", "position": null, "reopened": [], "document_id": "01a22c5d-a558-72fb-98df-1d1d825a6304", "amount_minor": 10000, "installments": null, "plan_version": null, "installment_id": null, "outstanding_minor": null}', NULL, '01a22c5d-a558-72fb-98df-1d1d825a6304', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
	('01a22c5d-cfc9-7407-96f9-3d065b1e214e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', '01a22c5d-b5bc-75e2-94f8-c8c8a7208225', 'billing.installment_plan.agreed.v1', 'plan_agreed', 'once', 'email', 'patient:01a22c5d-a526-772b-b554-3370f4ba8e2d', '{"at": "2026-11-23T15:00:00Z", "number": "INV-2026-000006", "currency": "USD", "document": "installment_plan", "due_date": null, "position": null, "reopened": [], "document_id": "01a22c5d-b513-7420-976e-c5642be8ee5c", "amount_minor": 10000, "installments": null, "plan_version": 1, "installment_id": null, "outstanding_minor": 10000}', NULL, '01a22c5d-a558-72fb-98df-1d1d825a6304', 'planned', NULL, '2026-11-23 15:00:00+00', '2026-11-23 15:00:00+00', 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 1, '01a22c5d-b513-7420-976e-c5642be8ee5c', NULL, NULL);
INSERT INTO public.patients (clinic_id, patient_id, version, given_name, family_name, language, time_zone, contact_points, forgotten_at) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000001', 2, 'Amara', 'Okafor-Núñez', 'es-US', 'America/New_York', '[{"value": "amara@example.org", "channel": "email", "consents": ["documents", "reminders"]}, {"value": "+14135550177", "channel": "sms", "consents": ["reminders"]}]', NULL),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-0002-7000-8000-000000000002', 0, '', '', NULL, NULL, '[]', '2026-11-23 15:00:00+00'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a18e-774f-9e22-8bc5a3054f42', 1, 'Ada', 'Example', NULL, NULL, '[]', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a361-7739-9eb5-eb524ad677e9', 1, 'Ada', 'Example', NULL, NULL, '[]', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a3c1-7336-8a99-fea74fd32ca8', 1, 'Ada', 'Example', NULL, NULL, '[]', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a41f-77c6-ade1-b84563555c45', 1, 'Ada', 'Example', NULL, NULL, '[]', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a486-71d7-9365-0265c87faa80', 1, 'Ada', 'Example', NULL, NULL, '[]', NULL),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-a526-772b-b554-3370f4ba8e2d', 1, 'Ada', 'Example', NULL, NULL, '[]', NULL);
INSERT INTO public.receipts (clinic_id, transaction_id, receipt_id, number) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', '019ab7c0-000b-7000-8000-000000000001', 'REC-2026-000204');
INSERT INTO public.sending_queue (message_id, clinic_id, due_at) VALUES
	('01a22c5d-9819-707d-9922-d6f0fade9ea8', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-999c-741a-9d01-3c88f4421ca6', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-99bb-735d-aef7-1d04ef9996a4', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9a30-76dc-b824-1ac9e0668943', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9a4e-739a-a991-eb6f4a1531d7', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9a6e-76a6-8c13-9bd12f3c6aa3', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9aef-7231-a55e-f573a5ce44df', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9b4c-71a6-877f-ff1576110190', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9c25-7071-bd05-b5ed34b0b17b', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9c87-77bd-8897-d8ea4e043683', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9d60-7633-b9e8-16e01995e35c', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-9df4-7087-a6a3-07cbb20d692f', '019ab7c0-0001-7000-8000-000000000001', '2026-11-23 15:00:00+00'),
	('01a22c5d-cf45-73ca-b630-c1ee3890efc5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00'),
	('01a22c5d-cf45-73ca-b630-c1ef4d0c59f7', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00'),
	('01a22c5d-cf45-73ca-b630-c1f02f4c74c5', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00'),
	('01a22c5d-cf45-73ca-b630-c1f1764e7f69', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00'),
	('01a22c5d-cf46-7499-be5e-0063c8ac87cf', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00'),
	('01a22c5d-cf46-7499-be5e-006449f43a4e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00'),
	('01a22c5d-cfc9-7407-96f9-3d065b1e214e', '01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '2026-11-23 15:00:00+00');
INSERT INTO public.transactions (clinic_id, transaction_id, stands, payer_name, patient_id) VALUES
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000002', false, NULL, '019ab7c0-0002-7000-8000-000000000001'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000001', false, NULL, '019ab7c0-0002-7000-8000-000000000001'),
	('019ab7c0-0001-7000-8000-000000000001', '019ab7c0-000a-7000-8000-000000000003', false, NULL, '019ab7c0-0002-7000-8000-000000000001'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-abe8-7574-918a-3c5d8c88a1d5', true, 'Delta', '01a22c5d-a18e-774f-9e22-8bc5a3054f42'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-acb9-7391-a4bb-5bb6896729ef', true, NULL, '01a22c5d-a18e-774f-9e22-8bc5a3054f42'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-ad05-70f8-adda-bf48520f6511', true, NULL, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b281-7642-b09a-282bc27ffc04', true, NULL, '01a22c5d-a486-71d7-9365-0265c87faa80'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b33b-74b1-8ab6-63d472efcc49', true, NULL, '01a22c5d-a486-71d7-9365-0265c87faa80'),
	('01a22c5d-9fb9-72b5-aca1-9335f554bbb3', '01a22c5d-b459-7527-932d-42b12adada3c', true, NULL, '01a22c5d-a3c1-7336-8a99-fea74fd32ca8');
SELECT pg_catalog.setval('public.dead_letters_id_seq', 1, false);
SELECT pg_catalog.setval('public.outbox_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.clinic_directory
    ADD CONSTRAINT clinic_register_pkey PRIMARY KEY (clinic_id);
ALTER TABLE ONLY public.clinics
    ADD CONSTRAINT clinics_pkey PRIMARY KEY (clinic_id);
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
ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (clinic_id, invoice_id);
ALTER TABLE ONLY public.merged_records
    ADD CONSTRAINT merged_records_pkey PRIMARY KEY (clinic_id, record_id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_once UNIQUE (clinic_id, about_event_id, step, recipient, channel);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.number_series
    ADD CONSTRAINT number_series_pkey PRIMARY KEY (clinic_id, series);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (clinic_id, patient_id);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (clinic_id, transaction_id);
ALTER TABLE public.settings
    ADD CONSTRAINT says_why CHECK ((COALESCE(reason, ''::text) ~ '\S'::text)) NOT VALID;
ALTER TABLE ONLY public.sending_queue
    ADD CONSTRAINT sending_queue_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (clinic_id, version);
ALTER TABLE ONLY public.transactions
    ADD CONSTRAINT transactions_pkey PRIMARY KEY (clinic_id, transaction_id);
CREATE INDEX attempts_of_message ON public.attempts USING btree (clinic_id, message_id, id);
CREATE INDEX dead_letters_dismissed ON public.dead_letters USING btree (resolved_at) WHERE ((state = 'dismissed'::text) AND (octet_length(data) > 0));
CREATE INDEX dead_letters_due ON public.dead_letters USING btree (next_attempt_at) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX dead_letters_once ON public.dead_letters USING btree (consumer, event_id) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));
CREATE INDEX dead_letters_open ON public.dead_letters USING btree (consumer, topic, key, id) WHERE (state = ANY (ARRAY['waiting'::text, 'dead'::text]));
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING brin (created_at);
CREATE INDEX installment_plans_of_invoice ON public.installment_plans USING btree (clinic_id, invoice_id);
CREATE INDEX merged_records_by_into ON public.merged_records USING btree (clinic_id, into_id);
CREATE INDEX merged_records_by_survivor ON public.merged_records USING btree (clinic_id, survivor_id);
CREATE INDEX messages_by_contact ON public.messages USING btree (clinic_id, contact_of) WHERE (contact_of IS NOT NULL);
CREATE INDEX messages_in_state ON public.messages USING btree (clinic_id, state, id DESC);
CREATE INDEX messages_newest ON public.messages USING btree (clinic_id, id DESC);
CREATE INDEX messages_of_patient ON public.messages USING btree (clinic_id, patient_id, id DESC);
CREATE INDEX outbox_published ON public.outbox USING brin (published_at);
CREATE INDEX outbox_unpublished ON public.outbox USING btree (id) WHERE (published_at IS NULL);
CREATE INDEX sending_queue_due ON public.sending_queue USING btree (due_at);
CREATE INDEX sending_queue_of_clinics ON public.sending_queue USING btree (clinic_id, due_at);
CREATE INDEX transactions_payers ON public.transactions USING btree (clinic_id, patient_id) WHERE (payer_name IS NOT NULL);
CREATE TRIGGER append_only BEFORE UPDATE ON public.attempts FOR EACH ROW EXECUTE FUNCTION public.refuse_all_but_emptying('detail');
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.forgotten_keys FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.settings FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_row BEFORE DELETE ON public.attempts FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.attempts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.forgotten_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.settings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages(id);
ALTER TABLE public.attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY clinic ON public.attempts USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.clinics USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.dead_letters USING ((COALESCE(clinic_id, '00000000-0000-0000-0000-000000000000'::uuid) = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((COALESCE(clinic_id, '00000000-0000-0000-0000-000000000000'::uuid) = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.forgotten_keys USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.idempotency_keys USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.installment_plans USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.invoices USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.merged_records USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.messages USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.number_series USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.outbox USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.patients USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.receipts USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.settings USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
CREATE POLICY clinic ON public.transactions USING ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[]))) WITH CHECK ((clinic_id = ANY (( SELECT public.current_clinics() AS current_clinics)::uuid[])));
ALTER TABLE public.clinics ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dead_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY expired_seen ON public.idempotency_keys FOR SELECT USING (((current_setting('app.sweeping'::text, true) = 'on'::text) AND (created_at < (now() - '7 days'::interval))));
CREATE POLICY expired_swept ON public.idempotency_keys FOR DELETE USING (((current_setting('app.sweeping'::text, true) = 'on'::text) AND (created_at < (now() - '7 days'::interval))));
ALTER TABLE public.forgotten_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installment_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY machinery ON public.dead_letters USING ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text)) WITH CHECK ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text));
CREATE POLICY machinery ON public.outbox USING ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text)) WITH CHECK ((( SELECT current_setting('app.machinery'::text, true) AS current_setting) = 'on'::text));
ALTER TABLE public.merged_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.number_series ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.transactions ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA public TO test_notifications_app;
GRANT SELECT,INSERT ON TABLE public.attempts TO test_notifications_app;
GRANT UPDATE(detail) ON TABLE public.attempts TO test_notifications_app;
GRANT SELECT,INSERT ON TABLE public.clinic_directory TO test_notifications_app;
GRANT SELECT,INSERT ON TABLE public.clinic_register TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clinics TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_letters TO test_notifications_app;
GRANT SELECT,INSERT ON TABLE public.forgotten_keys TO test_notifications_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO test_notifications_app;
GRANT SELECT,INSERT ON TABLE public.inbox TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.installment_plans TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.invoices TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.merged_records TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.messages TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.number_series TO test_notifications_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.patients TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.receipts TO test_notifications_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sending_queue TO test_notifications_app;
GRANT SELECT,INSERT ON TABLE public.settings TO test_notifications_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.transactions TO test_notifications_app;
