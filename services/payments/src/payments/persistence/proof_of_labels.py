"""References, groups, requests, receipts and plans against what tells of the same: changes, transactions, versions."""

from __future__ import annotations

from chassis.typed import ungrouped_sql

_REQUESTS = """
SELECT 'refund request ' || coalesce(r.request_id, t.request_id) || ' refunded' AS what,
       CASE r.state WHEN 'completed' THEN r.amount_minor ELSE 0 END AS expected, coalesce(t.minor, 0) AS found
  FROM refund_requests AS r
  FULL JOIN (SELECT request_id, sum(amount_minor) AS minor
               FROM transactions
              WHERE request_id IS NOT NULL AND kind IN ('refund', 'cancellation') GROUP BY request_id) AS t
    ON t.request_id = r.request_id
"""
# A receipt is void only after its transaction was undone; that it is not void yet may be on its way.
_RECEIPTS = """
SELECT 'receipt ' || r.receipt_id || ' ' || f.what AS what, f.expected, f.found
  FROM receipts AS r
  LEFT JOIN transactions AS t ON t.transaction_id = r.transaction_id AND t.kind IN ('payment', 'refund')
  LEFT JOIN transactions AS u ON u.reverses_id = r.transaction_id
 CROSS JOIN LATERAL (VALUES
        ('patient', t.patient_id::text, r.patient_id::text),
        ('void', (r.void AND u.transaction_id IS NOT NULL)::text, r.void::text)) AS f (what, expected, found)
 WHERE t.patient_id IS DISTINCT FROM r.patient_id OR r.void AND u.transaction_id IS NULL
"""
# Each edit starts from what the one before left, the first from what the payment was recorded with.
_EDITS = """
SELECT 'edit ' || e.version || ' of payment ' || e.payment_id || ' group before' AS what,
       e.expected::text AS expected, e.group_before::text AS found
  FROM (SELECT r.payment_id, r.version, r.group_before,
               CASE WHEN lag(r.version) OVER each IS NULL THEN t.group_id
                    ELSE lag(r.group_after) OVER each END AS expected
          FROM relabelings AS r LEFT JOIN transactions AS t ON t.transaction_id = r.payment_id
        WINDOW each AS (PARTITION BY r.payment_id ORDER BY r.relabeling_id)) AS e
"""
_GROUPS_OF_PAYMENTS = """
SELECT 'payment ' || p.payment_id || ' group' AS what,
       (CASE WHEN e.payment_id IS NULL THEN t.group_id ELSE e.group_after END)::text AS expected,
       p.group_id::text AS found
  FROM payment_positions AS p
  JOIN transactions AS t ON t.transaction_id = p.payment_id
  LEFT JOIN (SELECT DISTINCT ON (payment_id) payment_id, group_after
               FROM relabelings ORDER BY payment_id, relabeling_id DESC) AS e ON e.payment_id = p.payment_id
"""
# A transaction keeps the group that its payment had. Its instant is that of its beginning, before it got the payment's
# lock, so an edit within these minutes may be meant to come before or after it.
_GROUPS_OF_TRANSACTIONS = """
WITH edits AS (
    SELECT payment_id, group_after, changed_at,
           lead(changed_at) OVER (PARTITION BY payment_id ORDER BY relabeling_id) AS until
      FROM relabelings),
spans AS (
    SELECT payment_id, group_after AS group_id, changed_at - interval '5 minutes' AS since,
           coalesce(until, 'infinity') + interval '5 minutes' AS until
      FROM edits
     UNION ALL
    SELECT t.transaction_id, t.group_id, '-infinity', coalesce(min(e.changed_at), 'infinity') + interval '5 minutes'
      FROM transactions AS t LEFT JOIN edits AS e ON e.payment_id = t.transaction_id
     WHERE t.kind = 'payment' GROUP BY t.transaction_id)
SELECT t.kind || ' ' || t.transaction_id || ' group' AS what, 'one that its payment had then' AS expected,
       CASE WHEN count(s.payment_id) > 0 THEN 'one that its payment had then'
            ELSE coalesce(t.group_id::text, 'none') END AS found
  FROM transactions AS t
  LEFT JOIN spans AS s ON s.payment_id = t.payment_id AND t.recorded_at BETWEEN s.since AND s.until
                      AND s.group_id IS NOT DISTINCT FROM t.group_id
 WHERE t.kind IN ('refund', 'cancellation', 'refund_cancellation', 'chargeback', 'take_back',
                  'take_back_cancellation')
 GROUP BY t.transaction_id
"""
_GROUPS = """
SELECT 'payment group ' || c.group_id AS what,
       CASE c.change WHEN 'deleted' THEN NULL
                     ELSE concat_ws(', ', c.version, c.name, c.color, c.position, c.archived) END AS expected,
       CASE WHEN g.group_id IS NOT NULL
            THEN concat_ws(', ', g.version, g.name, g.color, g.position, g.archived) END AS found
  FROM (SELECT DISTINCT ON (group_id) * FROM payment_group_changes ORDER BY group_id, version DESC) AS c
  LEFT JOIN payment_groups AS g ON g.group_id = c.group_id
"""
_INSTALLMENTS = """
SELECT 'installment ' || n.installment_id || ' of invoice' AS what,
       CASE WHEN p.live THEN p.invoice_id::text END AS expected, n.invoice_id::text AS found
  FROM installments AS n LEFT JOIN installment_plans AS p ON p.clinic_id = n.clinic_id AND p.plan_id = n.plan_id
"""
_REFERENCES = f"""
SELECT 'reference of ' || kind || ' ' || transaction_id || ' as it is compared' AS what,
       {ungrouped_sql("external_reference")} AS expected, reference_alike AS found
  FROM transactions WHERE external_reference IS NOT NULL OR reference_alike IS NOT NULL
"""  # noqa: S608 - our own texts
CHECKS = (
    _REFERENCES,
    _REQUESTS,
    _RECEIPTS,
    _EDITS,
    _GROUPS_OF_PAYMENTS,
    _GROUPS_OF_TRANSACTIONS,
    _GROUPS,
    _INSTALLMENTS,
)
"""Each selects what, expected and found."""
