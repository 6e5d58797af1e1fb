-- Clinics with live installment plans by the thousand: clinics with the settings of a given one, in each as many
-- plans of six monthly installments of 100.00, the second due on the day asked for; on every third the first is paid.
-- Settings of the session say which: plans.like (a clinic), plans.clinics, plans.each, plans.day.
CREATE TEMPORARY TABLE new_clinics AS
SELECT gen_random_uuid() AS clinic_id FROM generate_series(1, current_setting('plans.clinics')::integer);
INSERT INTO clinic_directory SELECT clinic_id FROM new_clinics;
INSERT INTO clinics (clinic_id, version, settings, changed_at, changed_by)
SELECT n.clinic_id, c.version, c.settings, now(), 'bench'
  FROM new_clinics n CROSS JOIN clinics c WHERE c.clinic_id = current_setting('plans.like')::uuid;
CREATE TEMPORARY TABLE new_plans AS
SELECT clinic_id, n, uuidv7() AS plan_id, uuidv7() AS invoice_id, gen_random_uuid() AS patient_id
  FROM new_clinics CROSS JOIN generate_series(1, current_setting('plans.each')::integer) AS n;
INSERT INTO invoices (id, clinic_id, patient_id, origin, status, version, next_position, currency, prices_include_tax,
    cash_rounding_to, rounding_policy, rounding_version, created_at, created_by, changed_at, number, series_number,
    issue_date, due_date, issued_at, issued_by, net_minor, discount_minor, tax_minor, cash_rounding_minor, total_minor,
    taxes, settled_minor, installment_plan_id)
SELECT invoice_id, clinic_id, patient_id, 'desk', 'issued', 3, 1, 'USD', false, 1, 'en16931-net-half-up', 1, now(),
       'bench', now(), 'INV-' || lpad(n::text, 6, '0'), n, current_date, current_date + 30, now(), 'bench', 60000, 0, 0,
       0, 60000, '[]', CASE WHEN n % 3 = 0 THEN 10000 ELSE 0 END, plan_id
  FROM new_plans;
INSERT INTO installment_plans (id, clinic_id, patient_id, invoice_id, currency, agreed_on, version)
SELECT plan_id, clinic_id, patient_id, invoice_id, 'USD', current_date, 1 FROM new_plans;
INSERT INTO installment_plan_versions (plan_id, version, clinic_id, cause, made_at, made_by, invoice_version)
SELECT plan_id, 1, clinic_id, 'agreed', now(), 'bench', 2 FROM new_plans;
CREATE TEMPORARY TABLE new_installments AS
SELECT plan_id, clinic_id, invoice_id, k, gen_random_uuid() AS installment_id,
       (current_setting('plans.day')::date + (k - 2) * interval '1 month')::date AS due_date
  FROM new_plans CROSS JOIN generate_series(1, 6) AS k;
INSERT INTO installments (plan_id, version, position, clinic_id, installment_id, kind, due_date, amount_minor)
SELECT plan_id, 1, k, clinic_id, installment_id, 'installment', due_date, 10000 FROM new_installments;
INSERT INTO installment_dues (installment_id, clinic_id, plan_id, invoice_id, due_date, step, due_soon_on, due_on,
    overdue_on)
SELECT installment_id, clinic_id, plan_id, invoice_id, due_date, CASE k WHEN 1 THEN 4 WHEN 2 THEN 2 ELSE 1 END,
       CASE WHEN k = 2 THEN due_date - 3 END, CASE WHEN k = 1 THEN due_date END, CASE WHEN k = 1 THEN due_date + 1 END
  FROM new_installments;
INSERT INTO settlements (event_id, ordinal, clinic_id, invoice_id, transaction_id, payment_id, kind, change_minor,
    credited_minor, occurred_at, invoice_version)
SELECT 'bench-' || plan_id, 0, clinic_id, invoice_id, plan_id, plan_id, 'payment', 10000, 0, now(), 3
  FROM new_plans WHERE n % 3 = 0;
ANALYZE invoices, installment_plans, installment_plan_versions, installments, installment_dues, settlements, clinics;
