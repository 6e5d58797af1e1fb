-- Reminders by the ten thousand, of a clinic's overdue invoices, all due at once: a thousand patients who consent to
-- reminders, each invoice of 80.00. Settings of the session say of whom and how many: queued.clinic, queued.messages.
CREATE TEMPORARY TABLE new_patients AS
SELECT n, uuidv7() AS patient_id FROM generate_series(0, 999) AS n;
INSERT INTO patients (clinic_id, patient_id, version, given_name, family_name, language, contact_points)
SELECT current_setting('queued.clinic')::uuid, patient_id, 1, 'Ada', 'Bench ' || n, 'en-US',
       jsonb_build_array(jsonb_build_object(
           'channel', 'email', 'value', 'reminded-' || n || '@example.org', 'consents', '["reminders"]'::jsonb))
  FROM new_patients;
CREATE TEMPORARY TABLE new_messages AS
SELECT uuidv7() AS message_id, uuidv7() AS invoice_id, p.patient_id
  FROM generate_series(1, current_setting('queued.messages')::integer) AS m (place)
  JOIN new_patients AS p ON p.n = m.place % 1000;
INSERT INTO invoices (clinic_id, invoice_id, total_minor)
SELECT current_setting('queued.clinic')::uuid, invoice_id, 8000 FROM new_messages;
INSERT INTO messages (id, clinic_id, patient_id, about_event_id, about_event_type, notice, step, channel, recipient,
    subject, invoice_id, state, planned_at, next_attempt_at, priority)
SELECT message_id, current_setting('queued.clinic')::uuid, patient_id, 'bench-' || message_id,
       'billing.invoice.overdue.v1', 'invoice_overdue', 'once', 'email', 'patient:' || patient_id,
       '{"number": "INV-000001", "amount_minor": 8000, "outstanding_minor": 8000, "currency": "USD",
         "due_date": "2026-11-01"}'::jsonb,
       invoice_id, 'planned', now(), now(), 2
  FROM new_messages;
ANALYZE messages, invoices, patients;
INSERT INTO sending_queue (message_id, clinic_id, due_at, priority)
SELECT message_id, current_setting('queued.clinic')::uuid, now(), 2 FROM new_messages;
