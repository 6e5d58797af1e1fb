"""What receipts keeps that other services keep too, to be laid beside it (`ALL-8`)."""

from __future__ import annotations

from chassis.database.tallies import Tally

TALLIES = {
    "invoices": Tally(
        table="invoices AS i",
        key="i.invoice_id",
        figures={
            "patient": "i.patient_id::text",
            "total": "(i.content -> 'invoice' -> 'total' ->> 'minor')::bigint",
            "void": "i.voided_at IS NOT NULL",
        },
    ),
    "plans": Tally(
        table="installment_plans AS p",
        key="p.plan_id",
        figures={"invoice": "p.invoice_id::text", "version": "p.version", "live": "p.live"},
    ),
    "transactions": Tally(
        table="receipts AS r",
        key="r.transaction_id",
        figures={
            "patient": "r.patient_id::text",
            "kind": "r.kind",
            "amount": "r.amount_minor",
            "undone_by": "coalesce(r.void_cause, 'nothing')",
        },
    ),
}
