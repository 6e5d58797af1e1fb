"""The lines of many invoices that insurers are asked about, as lists need them: one statement for a page (`INS-1`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.invoice import Invoice
from invoicing.domain.parts import InsuredLine, Parts, insured_lines, parts_of
from invoicing.persistence import adjudications, settlements
from invoicing.persistence.mapping import estimate_of

_LINES = text(
    """
    WITH insured AS MATERIALIZED (
        SELECT invoice_id FROM invoice_lines WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND estimates IS NOT NULL
         UNION
        SELECT invoice_id FROM decision_lines WHERE invoice_id = ANY(CAST(:ids AS uuid[])))
    SELECT l.invoice_id, l.id, l.estimates,
           l.amount_minor + coalesce(l.charge_minor, 0) - l.own_discount_minor - l.document_discount_minor AS priced
      FROM insured s JOIN invoice_lines l ON l.invoice_id = s.invoice_id
     ORDER BY l.invoice_id, l.position
    """
)
# Notes have their places in the order of their ids. One of an older release does not say it.
_ASKED = text(
    """
    SELECT DISTINCT ON (invoice_id) invoice_id, asked_of_lines_minor FROM notes
     WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND issue_date <= coalesce(CAST(:as_of AS date), 'infinity')
     ORDER BY invoice_id, id DESC
    """
)


async def asked_of_lines(
    connection: AsyncConnection, invoice_ids: Sequence[UUID], as_of: date | None = None
) -> dict[UUID, int]:
    """What the own lines of those of these invoices ask for that have notes, after the last of them, or of a day's."""
    rows = await connection.execute(_ASKED, {"ids": list(invoice_ids), "as_of": as_of})
    return {row.invoice_id: row.asked_of_lines_minor for row in rows if row.asked_of_lines_minor is not None}


async def parts_of_many(connection: AsyncConnection, invoices: Sequence[Invoice]) -> dict[UUID, Parts]:
    """Each invoice's parts; the drafts among them were found with their lines."""
    totals = {invoice.id: invoice.totals for invoice in invoices}
    lines: dict[UUID, list[InsuredLine]] = defaultdict(list)
    for invoice in invoices:
        if invoice.status == "draft":
            lines[invoice.id] = insured_lines(invoice, totals[invoice.id])
    issued = [invoice.id for invoice in invoices if invoice.status != "draft"]
    for row in await connection.execute(_LINES, {"ids": issued}) if issued else ():
        estimates = tuple(estimate_of(estimate) for estimate in row.estimates or ())
        lines[row.invoice_id].append(InsuredLine(row.id, max(0, row.priced), estimates))
    insured = [invoice_id for invoice_id in issued if invoice_id in lines]
    decided = await adjudications.rows_of(connection, insured) if insured else {}
    credited = [one.id for one in invoices if one.credited and one.id in lines]
    given_back = await settlements.of_insurers(connection, credited) if credited else {}
    debited = [one.id for one in invoices if one.debited and one.id in lines]
    asked = await asked_of_lines(connection, debited) if debited else {}
    return {
        one.id: parts_of(
            one,
            totals[one.id],
            lines[one.id],
            decided.get(one.id, ()),
            given_back[one.id].credited if one.id in given_back else 0,
            asked.get(one.id),
        )
        for one in invoices
    }
