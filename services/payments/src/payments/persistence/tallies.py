"""What payments keeps that other services keep too, to be laid beside it (`ALL-8`)."""

from __future__ import annotations

from chassis.database.tallies import Tally

_SETTLED_BY = """
    (SELECT count(*) || ' payments, '
            || coalesce(md5(string_agg(p.payment_id || ':' || p.minor, ',' ORDER BY p.payment_id)), '-')
       FROM (SELECT j.payment_id, -sum(j.minor) AS minor FROM journal_entries AS j
              WHERE j.invoice_id = i.invoice_id AND j.payment_id IS NOT NULL
                AND j.account IN ('receivable', 'refund_allowances')
              GROUP BY j.payment_id HAVING sum(j.minor) <> 0) AS p)
"""
# Payments has a document's tax in its journal only, on an account of its own.
_TAX = """
    coalesce((SELECT -sum(j.minor) FROM journal_entries AS j
               WHERE j.invoice_id = i.invoice_id AND j.account = 'taxes'), 0)::bigint
"""
_UNDONE_BY = """
    coalesce((SELECT CASE r.kind WHEN 'chargeback' THEN 'chargeback' ELSE 'cancellation' END
                FROM transactions AS r WHERE r.reverses_id = t.transaction_id), 'nothing')
"""

TALLIES = {
    "invoices": Tally(
        table="invoices AS i",
        key="i.invoice_id",
        figures={
            "patient": "i.patient_id::text",
            "total": "i.total_minor",
            "tax": _TAX,
            "notes": "i.debited_minor - i.credited_minor - i.refund_adjusted_minor",
            "settled": "i.settled_minor",
            "settled_by": _SETTLED_BY,
            "outstanding": "greatest(0, i.total_minor + i.debited_minor - i.credited_minor - i.refund_adjusted_minor "
            "- i.voided_minor - i.settled_minor)",
            "void": "i.void",
        },
    ),
    "transactions": Tally(
        table="transactions AS t",
        key="t.transaction_id",
        where="t.kind IN ('payment', 'refund')",
        figures={
            "patient": "t.patient_id::text",
            "kind": "t.kind",
            "amount": "t.amount_minor",
            "undone_by": _UNDONE_BY,
            "stands": "NOT EXISTS (SELECT FROM transactions AS r WHERE r.reverses_id = t.transaction_id)",
        },
    ),
}
