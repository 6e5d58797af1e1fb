"""Tax by category and rate, from invoices, notes and voids by their days (`PAY-16`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.period import Period
from invoicing.domain.report_figures import KindFigures, RateFigures
from invoicing.persistence.mapping import TAX_GROUPS
from invoicing.persistence.report_room import make_room

# A void takes back, on its day, what the invoice and its notes had said until then. A note that was numbered after it
# changes nothing any more, as it does not in payments' journal.
_INVOICES = """
    SELECT 'invoice' AS document, 1 AS sign, i.* FROM invoices i
     WHERE i.clinic_id = :clinic_id AND i.issue_date BETWEEN :first AND :last
     UNION ALL
    SELECT 'void', -1, i.* FROM invoices i WHERE i.clinic_id = :clinic_id AND i.voided_on BETWEEN :first AND :last
"""
_NOTES = """
    SELECT n.side || '_note' AS document, CASE n.side WHEN 'credit' THEN -1 ELSE 1 END AS sign, n.*
      FROM notes n JOIN invoices i ON i.id = n.invoice_id
     WHERE n.clinic_id = :clinic_id AND n.issue_date BETWEEN :first AND :last
       AND (i.voided_at IS NULL OR n.created_at <= i.voided_at)
     UNION ALL
    SELECT 'void', CASE n.side WHEN 'credit' THEN 1 ELSE -1 END, n.*
      FROM invoices i JOIN notes n ON n.invoice_id = i.id AND n.created_at <= i.voided_at
     WHERE i.clinic_id = :clinic_id AND i.voided_on BETWEEN :first AND :last
"""
# An invoice has each group once, a note perhaps several lines of one.
_RATES = text(
    f"""
    WITH groups AS (
        SELECT d.document AS kind, d.sign, g.category, g.rate, g.base, g.tax
          FROM ({_INVOICES}) d
         CROSS JOIN LATERAL {TAX_GROUPS.within("d.taxes", "g")}
         UNION ALL
        SELECT d.document, d.sign, l.tax_category, l.tax_rate, sum(l.net_minor), sum(l.tax_minor)
          FROM ({_NOTES}) d JOIN note_lines l ON l.note_id = d.id
         GROUP BY d.document, d.sign, d.id, l.tax_category, l.tax_rate)
    SELECT category, trim_scale(rate) AS rate, kind, count(*) AS documents,
           sum(sign * base)::bigint AS base, sum(sign * tax)::bigint AS tax
      FROM groups GROUP BY category, trim_scale(rate), kind ORDER BY category, trim_scale(rate), kind
    """  # noqa: S608 - constants
)
_AMOUNTS = "d.document AS kind, d.sign, d.net_minor, d.tax_minor, d.cash_rounding_minor, d.total_minor"
_KINDS = text(
    f"""
    WITH totals AS (
        SELECT {_AMOUNTS} FROM ({_INVOICES}) d UNION ALL SELECT {_AMOUNTS} FROM ({_NOTES}) d)
    SELECT kind, count(*) AS documents, sum(sign * net_minor)::bigint AS net, sum(sign * tax_minor)::bigint AS tax,
           sum(sign * cash_rounding_minor)::bigint AS cash_rounding, sum(sign * total_minor)::bigint AS total
      FROM totals GROUP BY kind ORDER BY kind
    """  # noqa: S608 - constants
)


async def by_rate(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[RateFigures]:
    """Base and tax of each category, rate and kind of document, from the tax groups of each document."""
    await make_room(connection)
    return rows_as(RateFigures, await connection.execute(_RATES, _asked(clinic_id, period)))


async def by_kind(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[KindFigures]:
    """The same documents by their own totals, which the tax groups have to add up to."""
    return rows_as(KindFigures, await connection.execute(_KINDS, _asked(clinic_id, period)))


def _asked(clinic_id: UUID, period: Period) -> dict[str, Any]:
    return {"clinic_id": clinic_id, "first": period.first, "last": period.last}
