"""The journal against the transactions and documents whose postings it holds, and these against each other."""

from __future__ import annotations

from payments.domain.transaction import CASH_IN, CASH_OUT
from payments.persistence import refund_adjustments
from payments.persistence.recordset import among

_OF_DOCUMENTS = ("receivable", "taxes", "cash_rounding")
_OF_MOVEMENTS = ("receivable", "patient_credit", "refund_allowances")
_ACCOUNTS = {
    "payment": ("money", "receivable", "patient_credit"),
    "refund": ("money", "patient_credit", "refund_allowances"),
    "cancellation": ("money", "receivable", "patient_credit"),
    "refund_cancellation": ("money", *_OF_MOVEMENTS),
    "chargeback": ("money", "receivable", "patient_credit", "chargeback_losses"),
    "credit_application": ("receivable", "patient_credit"),
    "application_cancellation": ("receivable", "patient_credit"),
    "allocation_move": ("receivable", "patient_credit"),
    "move_cancellation": ("receivable", "patient_credit"),
    "credit_transfer_out": ("patient_credit",),
    "release": ("receivable", "patient_credit"),
    "take_back": ("money", "receivable", "patient_credit"),
    "take_back_cancellation": ("money", "receivable", "patient_credit"),
    "insurer_withheld": ("money", "insurer_adjustments", "interest_income"),
    "insurer_added": ("money", "insurer_adjustments", "interest_income"),
    "insurer_interest": ("money", "interest_income"),
    "interest_taken_back": ("money", "interest_income"),
    "invoice": (*_OF_DOCUMENTS, "revenue"),
    "debit_note": (*_OF_DOCUMENTS, "revenue"),
    "credit_note": (*_OF_DOCUMENTS, "credit_notes"),
    "write_off": (*_OF_DOCUMENTS, "write_offs"),
    "bad_debt": (*_OF_DOCUMENTS, "bad_debts"),
    "bad_debt_recovery": (*_OF_DOCUMENTS, "bad_debts"),
    "undo_credit_note": (*_OF_DOCUMENTS, "revenue", "credit_notes", "write_offs", "bad_debts"),
    "undo_debit_note": (*_OF_DOCUMENTS, "revenue", "credit_notes"),
    "refund_note": ("taxes", "refund_allowances"),
    "refund_adjustment": ("receivable", "refund_allowances"),
    "void": (*_OF_DOCUMENTS, "revenue", "credit_notes", "write_offs", "bad_debts", "refund_allowances"),
}
"""The accounts that a posting has entries on, by the kind of its transaction or document (`domain/journal.py`)."""
_BELONGS = ", ".join(f"('{kind}', '{account}')" for kind, accounts in _ACCOUNTS.items() for account in accounts)
_KIND_OF_DOCUMENT = """
    CASE WHEN d.kind = 'refund_adjustment' THEN d.kind
         WHEN d.refund_id IS NOT NULL THEN 'refund_note'
         WHEN d.note_kind IN ('write_off', 'contractual_write_off') THEN 'write_off'
         WHEN d.note_kind IN ('undo_credit_note', 'undo_debit_note', 'bad_debt', 'bad_debt_recovery') THEN d.note_kind
         ELSE d.kind END
"""

_BALANCED = """
SELECT 'posting ' || posting_id || ' sum' AS what, 0::numeric AS expected, sum(minor) AS found
  FROM journal_entries GROUP BY posting_id
"""
# Expected is what the transaction or document says, found what the entry says.
_ENTRIES = f"""
WITH belongs (kind, account) AS (VALUES {_BELONGS}),
documents AS (
    SELECT d.document_id, d.invoice_id, d.issue_date, r.payment_id, {_KIND_OF_DOCUMENT} AS kind
      FROM invoice_documents AS d
      LEFT JOIN transactions AS r ON d.kind = 'refund_adjustment' AND r.transaction_id = d.refund_id),
entries AS (
    SELECT j.entry_id, j.posting_id, coalesce(t.kind, d.kind) AS kind, j.account,
           coalesce(t.booked_on, d.issue_date) AS day_expected, j.booked_on AS day,
           CASE j.account WHEN 'money' THEN t.method END AS method_expected, j.method,
           -- After a void, an answer to a refund also takes back what the void gave up, which is no payment's.
           CASE WHEN d.kind IS NULL THEN coalesce(t.payment_id, j.payment_id)
                WHEN j.payment_id IS NOT NULL THEN d.payment_id END AS payment_expected, j.payment_id,
           p.payer_kind AS payer_expected, j.payer_kind AS payer,
           CASE WHEN d.kind IS NULL THEN j.invoice_id ELSE d.invoice_id END AS invoice_expected, j.invoice_id,
           CASE j.account WHEN 'receivable' THEN i.patient_id ELSE j.patient_id END AS patient_expected, j.patient_id,
           b.account IS NOT NULL AS belongs
      FROM journal_entries AS j
      LEFT JOIN transactions AS t ON t.transaction_id = j.posting_id
      LEFT JOIN documents AS d ON d.document_id = j.posting_id
      LEFT JOIN transactions AS p ON p.transaction_id = j.payment_id
      LEFT JOIN invoices AS i ON i.invoice_id = j.invoice_id
      LEFT JOIN belongs AS b ON b.kind = coalesce(t.kind, d.kind) AND b.account = j.account
)
SELECT 'entry ' || e.entry_id || ' of ' || coalesce(e.kind, 'nothing') || ' ' || e.posting_id || ' ' || f.what AS what,
       f.expected, f.found
  FROM entries AS e
 CROSS JOIN LATERAL (VALUES
        ('account', CASE WHEN e.belongs THEN e.account ELSE (SELECT 'one of ' || string_agg(b.account, ', ')
                                                               FROM belongs AS b WHERE b.kind = e.kind) END, e.account),
        ('day', e.day_expected::text, e.day::text),
        ('method', e.method_expected, e.method),
        ('payment', e.payment_expected::text, e.payment_id::text),
        ('payer', e.payer_expected, e.payer),
        ('invoice', e.invoice_expected::text, e.invoice_id::text),
        ('patient', e.patient_expected::text, e.patient_id::text)) AS f (what, expected, found)
 WHERE NOT e.belongs
    OR (e.day_expected, e.method_expected, e.payment_expected, e.payer_expected, e.invoice_expected, e.patient_expected)
       IS DISTINCT FROM (e.day, e.method, e.payment_id, e.payer, e.invoice_id, e.patient_id)
"""  # noqa: S608 - only texts of this module
# What a transaction's posting must say of its amount. What is settled and what is credit beside the money follows, as
# each posting sums to zero on the accounts of its kind.
_TRANSACTIONS = f"""
SELECT t.kind || ' ' || t.transaction_id || ' ' || f.what AS what, f.expected, f.found
  FROM transactions AS t
  LEFT JOIN (
        SELECT posting_id,
               sum(minor) FILTER (WHERE account = 'money') AS money,
               -sum(minor) FILTER (WHERE account = 'patient_credit') AS credit,
               sum(minor) FILTER (WHERE account = 'patient_credit' AND minor > 0) AS given,
               sum(minor) FILTER (WHERE account IN ('receivable', 'patient_credit') AND minor > 0) AS moved
          FROM journal_entries GROUP BY posting_id) AS j ON j.posting_id = t.transaction_id
 CROSS JOIN LATERAL (VALUES
        ('money', CASE WHEN t.kind IN {among(CASH_IN)} THEN t.amount_minor
                       WHEN t.kind IN {among(CASH_OUT)} THEN -t.amount_minor
                       ELSE 0 END,
                  coalesce(j.money, 0)),
        ('credit', CASE WHEN t.kind IN ('release', 'application_cancellation') THEN t.amount_minor
                        WHEN t.kind = 'credit_application' THEN -t.amount_minor
                        WHEN t.kind = 'credit_transfer_out' THEN 0 ELSE j.credit END, j.credit),
        ('moved', CASE WHEN t.kind IN ('allocation_move', 'move_cancellation') THEN t.amount_minor ELSE j.moved END,
                  j.moved),
        ('credit given', CASE t.kind WHEN 'credit_transfer_out' THEN t.amount_minor ELSE j.given END,
                         j.given)) AS f (what, expected, found)
"""  # noqa: S608 - our own texts
_DOCUMENTS = """
SELECT d.kind || ' ' || d.document_id || ' receivable' AS what,
       CASE WHEN d.refund_id IS NOT NULL THEN 0 WHEN d.kind = 'credit_note' THEN -d.total_minor
            ELSE d.total_minor END AS expected, coalesce(j.receivable, 0) AS found
  FROM invoice_documents AS d
  LEFT JOIN (
        SELECT posting_id, sum(minor) AS receivable
          FROM journal_entries WHERE account = 'receivable' AND payment_id IS NULL GROUP BY posting_id) AS j
    ON j.posting_id = d.document_id
 WHERE d.kind NOT IN ('void', 'refund_adjustment')
"""
# What a refund wanted credited, less what was answered not to be, is on its account of allowances; nothing, once it is
# undone. No note is of another amount than the answer.
_ADJUSTMENTS = f"""
SELECT 'refund ' || a.refund_id || ' on invoice ' || a.invoice_id || ' ' || f.what AS what, f.expected, f.found
  FROM ({refund_adjustments.EVERY}) AS a
  LEFT JOIN LATERAL (
        SELECT sum(j.minor) AS minor FROM journal_entries AS j
         WHERE j.payment_id = a.payment_id AND j.invoice_id = a.invoice_id AND j.account = 'refund_allowances'
           AND (j.posting_id = a.refund_id
                OR j.posting_id IN (SELECT c.transaction_id FROM transactions AS c WHERE c.reverses_id = a.refund_id)
                OR j.posting_id IN (SELECT d.document_id FROM invoice_documents AS d
                                     WHERE d.refund_id = a.refund_id AND d.kind = 'refund_adjustment'))) AS j ON true
 CROSS JOIN LATERAL (VALUES
        ('allowance', CASE WHEN a.undone THEN 0 ELSE a.wanted - coalesce(a.uncredited, 0) END, coalesce(j.minor, 0)),
        ('credit note', CASE WHEN a.noted IS NULL THEN NULL WHEN a.uncredited IS NULL THEN least(a.noted, a.wanted)
                             ELSE a.wanted - a.uncredited END, a.noted)
       ) AS f (what, expected, found)
"""  # noqa: S608 - only texts of this module and of refund_adjustments

# A void takes back, account by account, what documents had written on the invoice before it.
_VOIDS = """
SELECT 'invoice ' || v.invoice_id || ' ' || j.account || ' after its void' AS what, 0::numeric AS expected,
       sum(j.minor) AS found
  FROM (SELECT d.invoice_id, max(e.entry_id) AS entry_id
          FROM invoice_documents AS d JOIN journal_entries AS e ON e.posting_id = d.document_id
         WHERE d.kind = 'void' GROUP BY d.invoice_id) AS v
  JOIN journal_entries AS j ON j.invoice_id = v.invoice_id AND j.entry_id <= v.entry_id
 WHERE j.payment_id IS NULL AND j.account IN ('revenue', 'taxes', 'cash_rounding', 'credit_notes', 'write_offs',
                                                  'bad_debts')
 GROUP BY v.invoice_id, j.account
"""
# Whatever is about a payment is about its patient, by its payer; what undoes something says the same as it. Only credit
# that another patient holds of it is refunded to that patient (`PAY-21`).
_ABOUT = """
SELECT t.kind || ' ' || t.transaction_id || ' ' || f.what AS what, f.expected, f.found
  FROM transactions AS t
  LEFT JOIN transactions AS p ON p.transaction_id = t.payment_id AND p.kind = 'payment'
 CROSS JOIN LATERAL (
        SELECT CASE WHEN t.kind IN ('refund', 'refund_cancellation') AND EXISTS (
                        SELECT FROM journal_entries AS j
                         WHERE j.posting_id = t.transaction_id AND j.payment_id = t.payment_id
                           AND j.account = 'patient_credit' AND j.patient_id = t.patient_id
                           AND abs(j.minor) = t.amount_minor)
                    THEN t.patient_id ELSE p.patient_id END AS patient_id) AS of
 CROSS JOIN LATERAL (VALUES
        ('payment', p.payment_id::text, t.payment_id::text),
        ('patient', of.patient_id::text, t.patient_id::text),
        ('currency', p.currency, t.currency),
        ('payer', concat_ws(' ', p.payer_kind, p.payer_id, p.payer_name),
                  concat_ws(' ', t.payer_kind, t.payer_id, t.payer_name))) AS f (what, expected, found)
 WHERE t.kind IN ('payment', 'refund', 'cancellation', 'refund_cancellation', 'chargeback', 'allocation_move',
                  'move_cancellation', 'take_back', 'take_back_cancellation')
   AND (p.payment_id, of.patient_id, p.currency, p.payer_kind, p.payer_id, p.payer_name)
       IS DISTINCT FROM (t.payment_id, t.patient_id, t.currency, t.payer_kind, t.payer_id, t.payer_name)
"""
_REVERSALS = """
SELECT r.kind || ' ' || r.transaction_id || ' ' || f.what AS what, f.expected, f.found
  FROM transactions AS r
  LEFT JOIN transactions AS t ON t.transaction_id = r.reverses_id
 CROSS JOIN LATERAL (VALUES
        ('undoes', CASE r.kind WHEN 'refund_cancellation' THEN 'refund' WHEN 'take_back_cancellation' THEN 'take_back'
                               ELSE 'payment' END, t.kind),
        ('payment', t.payment_id::text, r.payment_id::text),
        ('patient', t.patient_id::text, r.patient_id::text),
        ('amount', t.amount_minor::text, r.amount_minor::text),
        ('method', concat_ws(' ', t.method, t.method_label),
                   concat_ws(' ', r.method, r.method_label))) AS f (what, expected, found)
 WHERE r.kind IN ('cancellation', 'refund_cancellation', 'take_back_cancellation', 'chargeback')
   AND (CASE r.kind WHEN 'refund_cancellation' THEN 'refund' WHEN 'take_back_cancellation' THEN 'take_back'
                    ELSE 'payment' END,
        t.payment_id, t.patient_id, t.amount_minor, t.method, t.method_label)
       IS DISTINCT FROM (t.kind, r.payment_id, r.patient_id, r.amount_minor, r.method, r.method_label)
"""
# Credit that is taken back: of an application what it still settled, of a transfer all, by a transfer the other way.
_TAKEN_BACK = """
SELECT r.kind || ' ' || r.transaction_id || ' ' || f.what AS what, f.expected, f.found
  FROM transactions AS r
  LEFT JOIN transactions AS t ON t.transaction_id = r.reverses_id
 CROSS JOIN LATERAL (VALUES
        ('undoes', CASE r.kind WHEN 'application_cancellation' THEN 'credit_application'
                               WHEN 'move_cancellation' THEN 'allocation_move'
                               WHEN 'credit_transfer_out' THEN 'credit_transfer_in'
                               ELSE 'credit_transfer_out' END, t.kind),
        ('patient', t.patient_id::text, r.patient_id::text),
        ('amount', CASE WHEN r.kind IN ('application_cancellation', 'move_cancellation')
                        THEN least(t.amount_minor, r.amount_minor)
                        ELSE t.amount_minor END::text, r.amount_minor::text)) AS f (what, expected, found)
 WHERE r.kind IN ('application_cancellation', 'move_cancellation')
    OR r.kind IN ('credit_transfer_out', 'credit_transfer_in') AND r.reverses_id IS NOT NULL
"""
_TRANSFERS = """
SELECT 'credit transfer ' || coalesce(o.transaction_id, i.linked_id) || ' to '
           || coalesce(i.transaction_id, o.linked_id) || ' ' || f.what AS what, f.expected, f.found
  FROM (SELECT * FROM transactions WHERE kind = 'credit_transfer_out') AS o
  FULL JOIN (SELECT * FROM transactions WHERE kind = 'credit_transfer_in') AS i
    ON i.linked_id = o.transaction_id AND i.transaction_id = o.linked_id
 CROSS JOIN LATERAL (VALUES
        ('amount', o.amount_minor::text, i.amount_minor::text),
        ('currency', o.currency, i.currency),
        ('day', o.booked_on::text, i.booked_on::text)) AS f (what, expected, found)
 WHERE (o.amount_minor, o.currency, o.booked_on) IS DISTINCT FROM (i.amount_minor, i.currency, i.booked_on)
"""
CHECKS = (
    _BALANCED,
    _ENTRIES,
    _TRANSACTIONS,
    _DOCUMENTS,
    _ADJUSTMENTS,
    _VOIDS,
    _ABOUT,
    _REVERSALS,
    _TAKEN_BACK,
    _TRANSFERS,
)
