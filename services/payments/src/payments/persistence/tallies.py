"""What payments keeps that other services keep too, to be laid beside it (`ALL-8`)."""

from __future__ import annotations

from chassis.database.tallies import Tally

from payments.persistence import refund_adjustments

_SETTLED_BY = """
    (SELECT count(*) || ' parts, ' || coalesce(md5(string_agg(
                p.payment_id || ':' || coalesce(p.installment_id::text, '-') || ':' || p.minor,
                ',' ORDER BY p.payment_id, p.installment_id)), '-')
       FROM (SELECT j.payment_id, j.installment_id, -sum(j.minor) AS minor FROM journal_entries AS j
              WHERE j.invoice_id = i.invoice_id AND j.payment_id IS NOT NULL
                AND j.account IN ('receivable', 'refund_allowances')
              GROUP BY j.payment_id, j.installment_id HAVING sum(j.minor) <> 0) AS p)
"""
_TREATMENT_PLANS = """
    coalesce((SELECT string_agg(one::text, ',' ORDER BY one::text) FROM unnest(i.treatment_plan_ids) AS one), 'none')
"""
_INSTALLMENTS = """
    coalesce((SELECT count(*) || ' of ' || sum(n.amount_minor) || ' from ' || min(n.due_date) || ' to '
                     || max(n.due_date) || ', ' || md5(string_agg(
                         concat_ws(':', n.position, n.installment_id, n.due_date, n.amount_minor), ','
                         ORDER BY n.position))
                FROM installments AS n WHERE n.clinic_id = p.clinic_id AND n.plan_id = p.plan_id), 'none')
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

_WANTED = """
    (SELECT sum(j.minor)::bigint FROM journal_entries AS j
      WHERE j.posting_id = t.transaction_id AND j.payment_id = t.payment_id AND j.account = 'refund_allowances')
"""
# What was answered: by a note of all that was wanted, else in so many words; nothing while it is unanswered (`PAY-20`).
_CREDITED = f"""
    (SELECT CASE WHEN bool_and(a.uncredited IS NOT NULL OR a.noted = a.wanted)
                 THEN sum(a.wanted - coalesce(a.uncredited, 0))::text ELSE 'unanswered' END
       FROM ({refund_adjustments.SELECT.format(documents="", refunds="AND r.transaction_id = t.transaction_id")}) AS a)
"""  # noqa: S608 - our own texts

TALLIES = {
    "invoices": Tally(
        table="invoices AS i",
        key="i.invoice_id",
        figures={
            "patient": "i.patient_id::text",
            "number": "i.number",
            "due_date": "i.due_date::text",
            "treatment_plans": _TREATMENT_PLANS,
            "total": "i.total_minor",
            "tax": _TAX,
            "notes": "i.debited_minor - i.credited_minor - i.refund_adjusted_minor",
            "settled": "i.settled_minor",
            "settled_by": _SETTLED_BY,
            "outstanding": "i.total_minor + i.debited_minor - i.credited_minor - i.refund_adjusted_minor "
            "- i.voided_minor - i.settled_minor",
            "void": "i.void",
        },
    ),
    "plans": Tally(
        table="installment_plans AS p",
        key="p.plan_id",
        figures={
            "invoice": "p.invoice_id::text",
            "version": "p.version",
            "live": "p.live",
            "installments": _INSTALLMENTS,
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
    "refunds": Tally(
        table="transactions AS t",
        key="t.transaction_id",
        where=f"t.kind = 'refund' AND {_WANTED} IS NOT NULL",
        figures={"wanted": _WANTED, "credited": _CREDITED},
    ),
}
