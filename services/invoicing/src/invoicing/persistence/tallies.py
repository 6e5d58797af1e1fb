"""What invoicing keeps that other services keep too, to be laid beside it (`ALL-8`)."""

from __future__ import annotations

from chassis.database.tallies import Tally

_SETTLED_BY = """
    (SELECT count(*) || ' parts, ' || coalesce(md5(string_agg(
                p.payment_id || ':' || coalesce(p.installment_id::text, '-') || ':' || p.minor,
                ',' ORDER BY p.payment_id, p.installment_id)), '-')
       FROM (SELECT s.payment_id, s.installment_id, sum(s.change_minor) AS minor FROM settlements AS s
              WHERE s.invoice_id = i.id GROUP BY s.payment_id, s.installment_id HAVING sum(s.change_minor) <> 0) AS p)
"""
# No condition leaves out lines without a plan: it would lead by all the clinic's lines that have one.
_TREATMENT_PLANS = """
    coalesce((SELECT string_agg(DISTINCT l.treatment_plan_id::text, ',' ORDER BY l.treatment_plan_id::text)
                FROM invoice_lines AS l WHERE l.invoice_id = i.id), 'none')
"""
_INSTALLMENTS = """
    coalesce((SELECT count(*) || ' of ' || sum(n.amount_minor) || ' from ' || min(n.due_date) || ' to '
                     || max(n.due_date) || ', ' || md5(string_agg(
                         concat_ws(':', n.position, n.installment_id, n.due_date, n.amount_minor), ','
                         ORDER BY n.position))
                FROM installments AS n
               WHERE n.plan_id = p.id AND n.version = p.version AND NOT p.ended), 'none')
"""
# What its documents ask of tax: a void one's is taken back whole.
_TAX = """
    CASE i.status WHEN 'void' THEN 0 ELSE i.tax_minor + coalesce((
        SELECT sum(CASE n.side WHEN 'debit' THEN n.tax_minor ELSE -n.tax_minor END)::bigint
          FROM notes AS n WHERE n.invoice_id = i.id), 0) END
"""

# All that a refund took from invoices is in the entries of its one event; the first of them stands for it.
_OF_REFUND = "settlements AS o WHERE o.event_id = s.event_id AND o.credited_minor <> 0"

TALLIES = {
    "invoices": Tally(
        table="invoices AS i",
        key="i.id",
        where="i.status <> 'draft'",
        figures={
            "patient": "i.patient_id::text",
            "number": "i.number",
            "due_date": "i.due_date::text",
            "treatment_plans": _TREATMENT_PLANS,
            "total": "i.total_minor",
            "tax": _TAX,
            "notes": "i.debited_minor - i.credited_minor",
            "settled": "i.settled_minor",
            "settled_by": _SETTLED_BY,
            "outstanding": "CASE i.status WHEN 'issued' THEN i.total_minor + i.debited_minor "
            "- i.credited_minor - i.settled_minor ELSE 0 END",
            "void": "i.status = 'void'",
        },
    ),
    "plans": Tally(
        table="installment_plans AS p",
        key="p.id",
        figures={
            "invoice": "p.invoice_id::text",
            "version": "p.version",
            "live": "NOT p.ended",
            "installments": _INSTALLMENTS,
        },
    ),
    "refunds": Tally(
        table="settlements AS s",
        key="s.transaction_id",
        where=f"s.kind = 'refund' AND s.ordinal = (SELECT min(o.ordinal) FROM {_OF_REFUND})",  # noqa: S608 - ours
        figures={
            "wanted": f"(SELECT sum(o.credited_minor)::bigint FROM {_OF_REFUND})",  # noqa: S608 - ours
            "credited": f"(SELECT sum(coalesce(o.decided_minor, o.credited_minor))::text FROM {_OF_REFUND})",  # noqa: S608
        },
    ),
}
