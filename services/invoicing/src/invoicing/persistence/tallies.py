"""What invoicing keeps that other services keep too, to be laid beside it (`ALL-8`)."""

from __future__ import annotations

from chassis.database.tallies import Tally

_SETTLED_BY = """
    (SELECT count(*) || ' payments, '
            || coalesce(md5(string_agg(p.payment_id || ':' || p.minor, ',' ORDER BY p.payment_id)), '-')
       FROM (SELECT s.payment_id, sum(s.change_minor) AS minor FROM settlements AS s
              WHERE s.invoice_id = i.id GROUP BY s.payment_id HAVING sum(s.change_minor) <> 0) AS p)
"""
# What its documents ask of tax: a void one's is taken back whole.
_TAX = """
    CASE i.status WHEN 'void' THEN 0 ELSE i.tax_minor + coalesce((
        SELECT sum(CASE n.side WHEN 'debit' THEN n.tax_minor ELSE -n.tax_minor END)::bigint
          FROM notes AS n WHERE n.invoice_id = i.id), 0) END
"""

TALLIES = {
    "invoices": Tally(
        table="invoices AS i",
        key="i.id",
        where="i.status <> 'draft'",
        figures={
            "patient": "i.patient_id::text",
            "total": "i.total_minor",
            "tax": _TAX,
            "notes": "i.debited_minor - i.credited_minor",
            "settled": "i.settled_minor",
            "settled_by": _SETTLED_BY,
            "outstanding": "CASE i.status WHEN 'issued' THEN greatest(0, i.total_minor + i.debited_minor "
            "- i.credited_minor - i.settled_minor) ELSE 0 END",
            "void": "i.status = 'void'",
        },
    )
}
