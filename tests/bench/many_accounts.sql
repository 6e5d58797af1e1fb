-- What an accountant's reports read beside the invoices of `many_invoices.sql`: who did what, what settled it, what was
-- written off, what insurers are expected to pay, and plans. `many.clinic` says of which clinic.
SET session_replication_role = replica;
UPDATE invoice_lines l
   SET provider_id = md5(l.clinic_id || 'provider' || abs(hashtext(l.id::text)) % 12)::uuid,
       provider_name = 'Dr. ' || chr(65 + abs(hashtext(l.id::text)) % 12), date_of_service = i.issue_date,
       estimates = CASE WHEN i.settled_minor = 0 AND i.credited_minor = 0 AND i.status = 'issued'
                             AND i.series_number % 3 = 0 THEN
           jsonb_build_array(jsonb_build_object('payer_id', md5(l.clinic_id || 'payer' || i.series_number % 5)::uuid,
               'payer_name', 'Insurer ' || i.series_number % 5, 'sequence', 'primary', 'expected', l.net_minor / 2,
               'write_off', 0, 'patient_part', l.net_minor - l.net_minor / 2, 'allowed', NULL, 'claim_id', NULL)) END
  FROM invoices i WHERE i.id = l.invoice_id AND i.clinic_id = current_setting('many.clinic')::uuid;
INSERT INTO settlements (event_id, ordinal, clinic_id, invoice_id, transaction_id, payment_id, kind, change_minor,
                         credited_minor, method, payer_kind, booked_on, occurred_at, by_subject, invoice_version)
SELECT 'many-' || i.id, 0, i.clinic_id, i.id, gen_random_uuid(), gen_random_uuid(), 'payment', i.settled_minor, 0,
       'bank_card', 'patient', i.issue_date + 10, i.issue_date + 10 + interval '12 hours', 'bench', 3
  FROM invoices i WHERE i.clinic_id = current_setting('many.clinic')::uuid AND i.settled_minor > 0;
WITH made AS (
    INSERT INTO notes (id, clinic_id, invoice_id, side, kind, number, series_number, issue_date, reason, author,
                       net_minor, tax_minor, cash_rounding_minor, total_minor, created_at)
    SELECT gen_random_uuid(), i.clinic_id, i.id, 'credit',
           CASE WHEN i.forgiven_minor > 0 THEN 'write_off' ELSE 'courtesy' END, 'CN-' || i.series_number,
           i.series_number, i.issue_date + 5, 'reason ' || i.series_number % 50, 'bench', i.credited_minor, 0, 0,
           i.credited_minor, i.issue_date + 5 + interval '12 hours'
      FROM invoices i WHERE i.clinic_id = current_setting('many.clinic')::uuid AND i.credited_minor > 0
    RETURNING *)
INSERT INTO note_lines (clinic_id, note_id, position, invoice_line_id, description, net_minor, tax_minor, tax_category,
                        tax_rate, exemption_reason)
SELECT clinic_id, id, 1, NULL, reason, net_minor, 0, 'E', 0, 'Dental care' FROM made;
WITH made AS (
    INSERT INTO installment_plans (id, clinic_id, patient_id, invoice_id, currency, agreed_on, version, ended)
    SELECT md5(i.id || 'plan')::uuid, i.clinic_id, i.patient_id, i.id, i.currency, i.issue_date, 1, false
      FROM invoices i
     WHERE i.clinic_id = current_setting('many.clinic')::uuid AND i.status = 'issued' AND i.settled_minor = 0
       AND i.credited_minor = 0 AND i.series_number % 10 = 1
    RETURNING *),
versions AS (
    INSERT INTO installment_plan_versions (plan_id, version, clinic_id, cause, made_at, made_by, reason, invoice_version)
    SELECT id, 1, clinic_id, 'agreed', agreed_on, 'bench', 'bench', 2 FROM made),
parts AS (
    INSERT INTO installments (plan_id, version, position, clinic_id, installment_id, kind, due_date, amount_minor)
    SELECT m.id, 1, n, m.clinic_id, gen_random_uuid(), 'installment', m.agreed_on + 30 * n, i.total_minor / 2
      FROM made m JOIN invoices i ON i.id = m.invoice_id CROSS JOIN generate_series(1, 2) AS n)
UPDATE invoices i SET installment_plan_id = m.id FROM made m WHERE i.id = m.invoice_id;
SET session_replication_role = DEFAULT;
