"""What is kept so that lists are fast, recomputed from the journal and the transactions: accounts, summed days."""

from __future__ import annotations

_LINES = """
SELECT f.what || ' of patient ' || patient_id || ' changed by ' || source_id, coalesce(f.expected, 0),
       coalesce(f.found, 0)
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
_EACH_ONCE = """
SELECT 'lines of ' || s.kind || ' ' || s.source_id || ' in its patient''s account', 1, count(l.line_id)
  FROM (SELECT transaction_id AS source_id, patient_id, kind, booked_on AS on_date FROM transactions
         UNION ALL
        SELECT d.document_id, i.patient_id, d.kind, d.issue_date
          FROM invoice_documents AS d JOIN invoices AS i USING (invoice_id)) AS s
  LEFT JOIN account_lines AS l
    ON l.source_id = s.source_id AND l.patient_id = s.patient_id AND l.kind = s.kind AND l.on_date = s.on_date
 GROUP BY s.kind, s.source_id
"""
_DAYS = """
SELECT 'day ' || booked_on || ' ' || kind || ' ' || method || ' ' || label, coalesce(t.minor, 0), coalesce(d.minor, 0)
  FROM (SELECT t.booked_on, t.kind, t.method, coalesce(t.method_label, '') AS label, sum(t.amount_minor) AS minor
          FROM transactions AS t JOIN summed_days AS s ON s.clinic_id = t.clinic_id AND t.booked_on <= s.until
         WHERE t.kind IN ('payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback')
         GROUP BY 1, 2, 3, 4) AS t
  FULL JOIN (SELECT booked_on, kind, method, coalesce(method_label, '') AS label, sum(minor) AS minor
               FROM day_totals GROUP BY 1, 2, 3, 4) AS d
 USING (booked_on, kind, method, label)
"""
CHECKS = (_LINES, _EACH_ONCE, _DAYS)
"""Each selects what, expected and found."""
