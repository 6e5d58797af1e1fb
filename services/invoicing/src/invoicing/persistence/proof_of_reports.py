"""What the accountant's reports have to come to: sums of a clinic's documents and entries, report by report (`PAY-16`).

They are made of what the reports are not made of: of documents' own totals where a report adds up tax groups and lines,
of entries where it reads sums, and of each invoice as a whole where it goes by days.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CLINICS = text("SELECT DISTINCT clinic_id FROM clinics")
# A void invoice comes to nothing, with every note that was on it then. Refunds' notes give nothing up.
_SUMS = text(
    """
    WITH notes_of AS (
        SELECT n.invoice_id, sum(n.sign * n.net_minor) AS net, sum(n.sign * n.tax_minor) AS tax,
               sum(n.sign * n.total_minor) AS total,
               sum(-n.sign * n.total_minor) FILTER (WHERE n.gives_up) AS given_up
          FROM (SELECT n.*, CASE n.side WHEN 'debit' THEN 1 ELSE -1 END AS sign,
                       n.kind IN ('courtesy', 'price_correction', 'write_off', 'contractual_write_off',
                                  'deferred_write_off', 'undo_credit_note', 'bad_debt', 'bad_debt_again',
                                  'bad_debt_recovery') AS gives_up
                  FROM notes n WHERE n.clinic_id = :clinic_id) n
         GROUP BY n.invoice_id),
    money AS (
        SELECT invoice_id, sum(change_minor) AS settled FROM settlements WHERE clinic_id = :clinic_id GROUP BY 1)
    SELECT coalesce(sum(i.net_minor + coalesce(n.net, 0)) FILTER (WHERE i.status = 'issued'), 0)::bigint AS net,
           coalesce(sum(i.tax_minor + coalesce(n.tax, 0)) FILTER (WHERE i.status = 'issued'), 0)::bigint AS tax,
           coalesce(sum(i.total_minor + coalesce(n.total, 0)) FILTER (WHERE i.status = 'issued'), 0)::bigint AS total,
           coalesce(sum(greatest(0, i.total_minor + coalesce(n.total, 0) - coalesce(m.settled, 0)))
                    FILTER (WHERE i.status = 'issued'), 0)::bigint AS outstanding,
           coalesce(sum(m.settled), 0)::bigint AS settled,
           coalesce(sum(n.given_up) FILTER (WHERE i.status = 'issued'), 0)::bigint AS given_up
      FROM invoices i LEFT JOIN notes_of n ON n.invoice_id = i.id LEFT JOIN money m ON m.invoice_id = i.id
     WHERE i.clinic_id = :clinic_id AND i.status <> 'draft'
    """
)


async def clinics_with_invoices(connection: AsyncConnection) -> list[UUID]:
    """The transaction's clinics that have settings: without, nothing is invoiced."""
    return list((await connection.execute(_CLINICS)).scalars())


async def sums_of_documents(connection: AsyncConnection, clinic_id: UUID) -> Any:
    """Net, tax and total of all documents, what they ask for, what is settled, and what was given up."""
    return (await connection.execute(_SUMS, {"clinic_id": clinic_id})).one()
