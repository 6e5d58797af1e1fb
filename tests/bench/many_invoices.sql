-- Invoices of one clinic by the hundred thousand, as years of work leave them: nine in ten closed, most of them paid, of 20 a patient.
-- Settings of the session say which: many.clinic, many.from and many.to (numbers), many.of (how many in all, over whose
-- span the days are spread), many.today.
CREATE TEMPORARY TABLE IF NOT EXISTS many (
    n integer, id uuid, line_ids uuid[], day date, state text, minor bigint, code text, what text);
TRUNCATE many;
INSERT INTO many
SELECT n, uuidv7((n - size) * interval '1 minute'), ARRAY[gen_random_uuid(), gen_random_uuid()],
       current_setting('many.today')::date - ((size - n) * 1800 / size)::integer,
       CASE WHEN n % 100 < 88 THEN 'paid' WHEN n % 100 = 88 THEN 'lost' WHEN n % 100 = 89 THEN 'forgiven' WHEN n % 100 < 95 THEN 'open' WHEN n % 100 < 97 THEN 'part'
            WHEN n % 100 < 99 THEN 'void' ELSE 'draft' END,
       5000 + n % 997, 'D' || 1000 + n % 40,
       (ARRAY['Prophylaxis, adult', 'Periodic oral evaluation', 'Composite filling, two surfaces', 'Crown, porcelain',
              'Root canal, molar', 'Extraction, erupted tooth', 'Bitewings, four films', 'Fluoride varnish'])[n % 8 + 1]
       || CASE WHEN n % 1000 = 0 THEN ', Zirconia' ELSE '' END
  FROM (SELECT generate_series(current_setting('many.from')::bigint, current_setting('many.to')::bigint) AS n,
               current_setting('many.of')::bigint AS size) numbers;
INSERT INTO invoices (id, clinic_id, patient_id, appointment_id, origin, status, version, next_position, currency,
    prices_include_tax, cash_rounding_to, rounding_policy, rounding_version, created_at, created_by, changed_at, number,
    series_number, issue_date, due_date, issued_at, issued_by, net_minor, discount_minor, tax_minor, cash_rounding_minor,
    total_minor, taxes, settled_minor, credited_minor, forgiven_minor)
SELECT id, current_setting('many.clinic')::uuid,
       md5(current_setting('many.clinic') || n % greatest(1, current_setting('many.of')::integer / 20))::uuid,
       md5(current_setting('many.clinic') || 'visit' || n / 2)::uuid, 'desk',
       CASE state WHEN 'draft' THEN 'draft' WHEN 'void' THEN 'void' ELSE 'issued' END, 2, 3, 'USD', false, 1,
       'en16931-net-half-up', 1, day, 'bench', day,
       CASE WHEN state <> 'draft' THEN 'INV-' || extract(year FROM day) || '-' || lpad(n::text, 6, '0') END,
       CASE WHEN state <> 'draft' THEN n END, CASE WHEN state <> 'draft' THEN day END,
       CASE WHEN state <> 'draft' THEN day + 30 END, CASE WHEN state <> 'draft' THEN day END,
       CASE WHEN state <> 'draft' THEN 'bench' END,
       CASE WHEN state <> 'draft' THEN 2 * minor END, CASE WHEN state <> 'draft' THEN 0 END,
       CASE WHEN state <> 'draft' THEN 0 END, CASE WHEN state <> 'draft' THEN 0 END,
       CASE WHEN state <> 'draft' THEN 2 * minor END,
       CASE WHEN state <> 'draft' THEN jsonb_build_array(jsonb_build_object('category', 'E', 'rate', '0', 'code', 'E',
            'exemption_reason', 'Dental care', 'base', 2 * minor, 'tax', 0)) END,
       CASE state WHEN 'paid' THEN 2 * minor WHEN 'part' THEN minor ELSE 0 END,
       CASE WHEN state IN ('lost', 'forgiven') THEN 2 * minor ELSE 0 END, CASE state WHEN 'lost' THEN 2 * minor ELSE 0 END
  FROM many;
INSERT INTO invoice_lines (id, clinic_id, invoice_id, position, kind, description, quantity, unit_price_minor, tax_code,
    tax_category, tax_rate, exemption_reason, code_system, code, treatment_plan_id, amount_minor, own_discount_minor,
    document_discount_minor, net_minor)
SELECT line_ids[position], current_setting('many.clinic')::uuid, id, position, 'extra_procedure', what, 1, minor, 'E',
       'E', 0, 'Dental care', 'CDT', code,
       CASE WHEN n % 10 = 0 THEN md5(current_setting('many.clinic') || 'plan' || n / 30)::uuid END,
       minor, 0, 0, minor
  FROM many CROSS JOIN generate_series(1, 2) AS position;
INSERT INTO patients (clinic_id, patient_id, version, given_name, family_name)
SELECT current_setting('many.clinic')::uuid, md5(current_setting('many.clinic') || n)::uuid, 1,
       (ARRAY['Amara', 'Ben', 'Chloé', 'Dmitri', 'Élodie', 'Farid', 'Grace'])[n % 7 + 1], 'Name' || n
  FROM generate_series(0, greatest(1, current_setting('many.of')::integer / 20) - 1) AS n
    ON CONFLICT DO NOTHING;
