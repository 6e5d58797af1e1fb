"""The balances that are kept to be locked and read, recomputed from the journal and from what moved them."""

from __future__ import annotations

from payments.persistence import refund_adjustments

_INVOICES = """
SELECT 'invoice ' || i.invoice_id || ' ' || f.what AS what, f.expected, f.found
  FROM invoices AS i
  LEFT JOIN (
        SELECT invoice_id,
               sum(minor) FILTER (WHERE account = 'receivable') AS receivable,
               -sum(minor) FILTER (WHERE account IN ('receivable', 'refund_allowances')
                                     AND payment_id IS NOT NULL) AS settled,
               sum(minor) FILTER (WHERE account = 'refund_allowances' AND payment_id IS NOT NULL) AS adjusted
          FROM journal_entries WHERE invoice_id IS NOT NULL GROUP BY invoice_id) AS j USING (invoice_id)
  LEFT JOIN (
        SELECT invoice_id,
               sum(total_minor) FILTER (WHERE kind = 'invoice') AS total,
               sum(total_minor) FILTER (WHERE kind = 'debit_note' AND refund_id IS NULL) AS debited,
               sum(total_minor) FILTER (WHERE kind = 'credit_note' AND refund_id IS NULL) AS credited,
               count(*) FILTER (WHERE kind = 'void') AS voids
          FROM invoice_documents GROUP BY invoice_id) AS d USING (invoice_id)
  LEFT JOIN (
        SELECT d.invoice_id, sum(sign(j.minor) * d.total_minor) AS minor,
               sum(sign(j.minor) * d.total_minor) FILTER (WHERE j.account = 'bad_debts') AS bad_debt
          FROM journal_entries AS j JOIN invoice_documents AS d ON d.document_id = j.posting_id
         WHERE j.account IN ('write_offs', 'bad_debts') AND d.kind <> 'void'
         GROUP BY d.invoice_id) AS w USING (invoice_id)
 CROSS JOIN LATERAL (VALUES
        ('total', d.total, i.total_minor),
        ('debited', coalesce(d.debited, 0), i.debited_minor),
        ('credited', coalesce(d.credited, 0), i.credited_minor),
        ('void', coalesce(d.voids, 0), i.void::int),
        ('written off', coalesce(w.minor, 0), i.forgiven_minor + i.contractual_minor),
        ('bad debt', coalesce(w.bad_debt, 0), i.bad_debt_minor),
        ('settled', coalesce(j.settled, 0), i.settled_minor),
        ('refund adjusted', coalesce(j.adjusted, 0), i.refund_adjusted_minor),
        ('receivable', coalesce(j.receivable, 0), i.total_minor + i.debited_minor - i.credited_minor
            - i.refund_adjusted_minor - i.voided_minor - i.settled_minor)) AS f (what, expected, found)
"""
_INVOICES_AS_ISSUED = """
SELECT 'invoice ' || d.document_id || ' ' || f.what AS what, f.expected, f.found
  FROM invoice_documents AS d
  LEFT JOIN invoices AS i ON i.invoice_id = d.document_id
 CROSS JOIN LATERAL (VALUES
        ('number', d.number, i.number),
        ('issue date', d.issue_date::text, i.issue_date::text),
        ('patient', d.patient_id::text, i.patient_id::text)) AS f (what, expected, found)
 WHERE d.kind = 'invoice'
   AND (d.invoice_id, d.number, d.issue_date, d.patient_id)
       IS DISTINCT FROM (i.invoice_id, i.number, i.issue_date, i.patient_id)
"""
_PAYMENTS = """
SELECT 'payment ' || coalesce(t.transaction_id, p.payment_id) || ' ' || f.what AS what, f.expected, f.found
  FROM (SELECT * FROM transactions WHERE kind = 'payment') AS t
  FULL JOIN payment_positions AS p ON p.payment_id = t.transaction_id
  LEFT JOIN (
        SELECT payment_id,
               -sum(minor) FILTER (WHERE account IN ('receivable', 'refund_allowances')) AS allocated,
               -sum(minor) FILTER (WHERE account = 'patient_credit') AS unallocated,
               sum(minor) FILTER (WHERE account = 'money') AS money,
               sum(minor) FILTER (WHERE account = 'chargeback_losses') AS lost
          FROM journal_entries WHERE payment_id IS NOT NULL GROUP BY payment_id) AS j
    ON j.payment_id = coalesce(t.transaction_id, p.payment_id)
  LEFT JOIN (
        SELECT payment_id, sum(CASE kind WHEN 'refund' THEN amount_minor ELSE -amount_minor END) AS minor
          FROM transactions WHERE kind IN ('refund', 'refund_cancellation') GROUP BY payment_id) AS r
    ON r.payment_id = p.payment_id
  LEFT JOIN (
        SELECT payment_id, sum(CASE kind WHEN 'take_back' THEN amount_minor ELSE -amount_minor END) AS minor
          FROM transactions WHERE kind IN ('take_back', 'take_back_cancellation') GROUP BY payment_id) AS b
    ON b.payment_id = p.payment_id
 CROSS JOIN LATERAL (VALUES
        ('amount', t.amount_minor, p.amount_minor),
        ('allocated', coalesce(j.allocated, 0), p.allocated_minor),
        ('unallocated', coalesce(j.unallocated, 0), p.unallocated_minor),
        ('refunded', coalesce(r.minor, 0), p.refunded_minor),
        ('taken back', coalesce(b.minor, 0), p.taken_back_minor),
        ('lost to a chargeback', coalesce(j.lost, 0),
            CASE p.status WHEN 'charged_back' THEN p.refunded_minor + p.taken_back_minor ELSE 0 END),
        ('money', coalesce(j.money, 0), CASE p.status WHEN 'recorded' THEN p.amount_minor ELSE 0 END
            - p.refunded_minor - p.taken_back_minor)) AS f (what, expected, found)
"""
_STATUS = """
SELECT 'payment ' || p.payment_id || ' status' AS what,
       CASE r.kind WHEN 'cancellation' THEN 'cancelled' WHEN 'chargeback' THEN 'charged_back'
                   ELSE 'recorded' END AS expected, p.status AS found
  FROM payment_positions AS p
  LEFT JOIN transactions AS r ON r.reverses_id = p.payment_id AND r.kind IN ('cancellation', 'chargeback')
"""
_CREDIT_PARTS = """
SELECT 'credit of patient ' || patient_id || ' from payment ' || payment_id AS what,
       coalesce(j.minor, 0) AS expected, coalesce(c.minor, 0) AS found
  FROM (SELECT payment_id, patient_id, -sum(minor) AS minor
          FROM journal_entries WHERE account = 'patient_credit' GROUP BY payment_id, patient_id) AS j
  FULL JOIN credit_parts AS c USING (payment_id, patient_id)
"""
_CREDIT = """
SELECT 'credit of patient ' || patient_id AS what, coalesce(j.minor, 0) AS expected,
       coalesce(c.balance_minor, 0) AS found
  FROM (SELECT patient_id, -sum(minor) AS minor
          FROM journal_entries WHERE account = 'patient_credit' GROUP BY patient_id) AS j
  FULL JOIN patient_credit AS c USING (patient_id)
"""
# What is unanswered and what was not credited, by invoice, against the refunds and the answers themselves (`PAY-20`).
_REFUNDS_OF_INVOICES = f"""
SELECT 'invoice ' || i.invoice_id || ' ' || f.what AS what, f.expected, f.found
  FROM invoices AS i
  LEFT JOIN (
        SELECT invoice_id,
               sum(wanted) FILTER (
                   WHERE NOT undone AND uncredited IS NULL AND noted IS DISTINCT FROM wanted) AS pending,
               sum(uncredited) FILTER (WHERE NOT cancelled) AS uncredited
          FROM ({refund_adjustments.EVERY}) AS a GROUP BY invoice_id) AS r USING (invoice_id)
 CROSS JOIN LATERAL (VALUES
        ('refunds unanswered', coalesce(r.pending, 0), i.refund_pending_minor),
        -- Of a void invoice no refund is measured any more.
        ('refunds not credited', CASE WHEN i.void THEN i.refund_uncredited_minor ELSE coalesce(r.uncredited, 0) END,
            i.refund_uncredited_minor)) AS f (what, expected, found)
"""  # noqa: S608 - our own texts
# What is asked is never less than what is settled, but while a refund is unanswered (`PAY-20`, `INV-9`), or bad
# debt was paid whose debit note has not arrived (`INV-17`).
_ASKED = """
SELECT 'invoice ' || invoice_id || ' asked beyond what is settled' AS what, 'at least 0' AS expected,
       minor::text AS found
  FROM (SELECT invoice_id, refund_pending_minor, total_minor + debited_minor - credited_minor - refund_adjusted_minor
               - voided_minor - settled_minor + bad_debt_minor AS minor FROM invoices) AS i
 WHERE minor < 0 AND refund_pending_minor = 0
"""
# What all insurers decided is the sum of what each of them did, where that was told (`INS-4`).
_INSURERS_PARTS = """
SELECT 'invoice ' || p.invoice_id || ' part of insurers' AS what, s.minor AS expected, p.part_minor AS found
  FROM insurers_parts AS p
 CROSS JOIN LATERAL (SELECT coalesce(sum((one->>'minor')::bigint), 0) AS minor
                       FROM jsonb_array_elements(p.payers) AS one) AS s
 WHERE p.payers IS NOT NULL
"""
CHECKS = (
    _INSURERS_PARTS,
    _REFUNDS_OF_INVOICES,
    _ASKED,
    _INVOICES,
    _INVOICES_AS_ISSUED,
    _PAYMENTS,
    _STATUS,
    _CREDIT_PARTS,
    _CREDIT,
)
