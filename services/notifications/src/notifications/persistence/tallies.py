"""What notifications keeps that other services keep too, to be laid beside it (`ALL-8`)."""

from __future__ import annotations

from chassis.database.tallies import Tally

TALLIES = {
    "invoices": Tally(
        table="invoices AS i",
        key="i.invoice_id",
        figures={
            "total": "i.total_minor",
            "outstanding": "CASE WHEN i.is_void THEN 0 ELSE coalesce(i.total_minor, 0) + i.change_minor END",
            "void": "i.is_void",
        },
    ),
    "plans": Tally(
        table="installment_plans AS p",
        key="p.plan_id",
        figures={"invoice": "p.invoice_id::text", "version": "p.version", "live": "p.live"},
    ),
    "transactions": Tally(table="transactions AS t", key="t.transaction_id", figures={"stands": "t.stands"}),
}
