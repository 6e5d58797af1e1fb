"""What is kept so that lists are fast, recomputed from the journal and the transactions: accounts, summed days."""

from __future__ import annotations

from payments.domain.transaction import CASH_SIGNS
from payments.persistence.recordset import among

_LINES = """
SELECT f.what || ' of patient ' || patient_id || ' changed by ' || source_id AS what,
       coalesce(f.expected, 0) AS expected, coalesce(f.found, 0) AS found
  FROM (SELECT j.patient_id, j.posting_id AS source_id,
               sum(j.minor) FILTER (WHERE NOT j.insurers) AS change,
               -sum(j.minor) FILTER (WHERE j.insurers) AS insurers
          FROM (SELECT *, account = 'patient_credit' AND payer_kind IS NOT DISTINCT FROM 'insurer' AS insurers
                  FROM journal_entries) AS j
         WHERE j.account IN ('receivable', 'patient_credit') AND j.patient_id IS NOT NULL
         GROUP BY j.patient_id, j.posting_id) AS j
  FULL JOIN (
        -- Both sides of a transfer are in the giving side's posting.
        SELECT l.patient_id, CASE l.kind WHEN 'credit_transfer_in' THEN t.linked_id ELSE l.source_id END AS source_id,
               sum(l.change_minor) AS change, sum(l.insurers_change_minor) AS insurers
          FROM account_lines AS l
          LEFT JOIN transactions AS t ON l.kind = 'credit_transfer_in' AND t.transaction_id = l.source_id
         GROUP BY 1, 2) AS l USING (patient_id, source_id)
 CROSS JOIN LATERAL (VALUES
        ('account', j.change, l.change), ('insurers'' credit in the account', j.insurers, l.insurers)
       ) AS f (what, expected, found)
"""
_SOURCES = """
        SELECT transaction_id AS source_id, patient_id, kind, booked_on AS on_date, recorded_at FROM transactions
         UNION ALL
        SELECT d.document_id, i.patient_id, d.kind, d.issue_date, d.recorded_at
          FROM invoice_documents AS d JOIN invoices AS i USING (invoice_id)
"""
_EACH_ONCE = f"""
SELECT 'lines of ' || s.kind || ' ' || s.source_id || ' in its patient''s account' AS what, 1 AS expected,
       count(l.line_id) AS found
  FROM ({_SOURCES} UNION ALL SELECT transaction_id, patient_id, 'receipt', NULL, NULL FROM receipts) AS s
  LEFT JOIN account_lines AS l
    ON l.source_id = s.source_id AND l.patient_id = s.patient_id AND l.kind = s.kind
 GROUP BY s.kind, s.source_id
"""  # noqa: S608 - only texts of this module
# A transaction has a line also in the account of each other patient that it changed, all on its own day.
_OF_SOURCES = f"""
SELECT 'line ' || l.line_id || ' of ' || l.kind || ' ' || l.source_id || ' ' || f.what AS what, f.expected, f.found
  FROM account_lines AS l
  LEFT JOIN ({_SOURCES}) AS s ON s.source_id = l.source_id AND s.kind = l.kind
 CROSS JOIN LATERAL (VALUES
        ('day', s.on_date::text, l.on_date::text),
        ('recorded at', s.recorded_at::text, l.recorded_at::text)) AS f (what, expected, found)
 WHERE l.kind <> 'receipt' AND (s.on_date, s.recorded_at) IS DISTINCT FROM (l.on_date, l.recorded_at)
"""  # noqa: S608 - only texts of this module
_OF_RECEIPTS = """
SELECT 'line ' || l.line_id || ' of the receipt of ' || l.source_id AS what, r.patient_id || ', 0' AS expected,
       l.patient_id || ', ' || l.change_minor AS found
  FROM account_lines AS l LEFT JOIN receipts AS r ON r.transaction_id = l.source_id
 WHERE l.kind = 'receipt' AND (r.patient_id, 0) IS DISTINCT FROM (l.patient_id, l.change_minor)
"""
# A day's edits of a payment's group count for what was booked about it on that day, as in `day_sheets.py`.
_DAYS = f"""
WITH relabeled AS (
    SELECT DISTINCT ON (payment_id, changed_on) payment_id, changed_on, group_after
      FROM relabelings ORDER BY payment_id, changed_on, relabeling_id DESC),
booked AS (
    SELECT t.booked_on, t.kind, t.method, coalesce(t.method_label, '') AS label,
           coalesce((CASE WHEN r.payment_id IS NULL THEN t.group_id ELSE r.group_after END)::text, 'none') AS in_group,
           count(*) AS count, sum(t.amount_minor) AS minor
      FROM transactions AS t
      JOIN summed_days AS s ON s.clinic_id = t.clinic_id AND t.booked_on <= s.until
      LEFT JOIN relabeled AS r ON r.payment_id = t.payment_id AND r.changed_on = t.booked_on
     WHERE t.kind IN {among(CASH_SIGNS)}
     GROUP BY 1, 2, 3, 4, 5),
summed AS (
    SELECT booked_on, kind, method, coalesce(method_label, '') AS label, coalesce(group_id::text, 'none') AS in_group,
           sum(count) AS count, sum(minor) AS minor
      FROM day_totals GROUP BY 1, 2, 3, 4, 5)
SELECT concat_ws(' ', 'day', booked_on, kind, method, nullif(label, ''), 'group', in_group, f.what) AS what,
       f.expected, f.found
  FROM booked AS t FULL JOIN summed AS d USING (booked_on, kind, method, label, in_group)
 CROSS JOIN LATERAL (VALUES
        ('amount', coalesce(t.minor, 0), coalesce(d.minor, 0)),
        ('count', coalesce(t.count, 0), coalesce(d.count, 0))) AS f (what, expected, found)
"""  # noqa: S608 - our own texts
CHECKS = (_LINES, _EACH_ONCE, _OF_SOURCES, _OF_RECEIPTS, _DAYS)
"""Each selects what, expected and found."""
