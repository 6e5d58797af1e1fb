"""Tax by category and rate, from invoices, notes and voids by their days (`PAY-16`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.period import Period

# A void takes back, on its day, what the invoice and its notes had said until then. A note that was numbered after it
# changes nothing any more, as it does not in payments' journal.
_DOCUMENTS = """
    SELECT 'invoice' AS kind, i.id AS document_id, i.id AS invoice_id, 1 AS sign
      FROM invoices i
     WHERE i.clinic_id = :clinic_id AND i.issue_date BETWEEN :first AND :last
     UNION ALL
    SELECT n.side || '_note', n.id, n.invoice_id, CASE n.side WHEN 'credit' THEN -1 ELSE 1 END
      FROM notes n JOIN invoices i ON i.id = n.invoice_id
     WHERE n.clinic_id = :clinic_id AND n.issue_date BETWEEN :first AND :last
       AND (i.voided_at IS NULL OR n.created_at <= i.voided_at)
     UNION ALL
    SELECT 'void', i.id, i.id, -1 FROM invoices i
     WHERE i.clinic_id = :clinic_id AND i.voided_on BETWEEN :first AND :last
     UNION ALL
    SELECT 'void', n.id, n.invoice_id, CASE n.side WHEN 'credit' THEN 1 ELSE -1 END
      FROM invoices i JOIN notes n ON n.invoice_id = i.id AND n.created_at <= i.voided_at
     WHERE i.clinic_id = :clinic_id AND i.voided_on BETWEEN :first AND :last
"""
_RATES = text(
    f"""
    WITH documents AS MATERIALIZED ({_DOCUMENTS}),
    groups AS (
        SELECT d.kind, d.invoice_id, d.document_id, d.sign, g.category, g.rate, g.base, g.tax
          FROM documents d JOIN invoices i ON i.id = d.document_id
         CROSS JOIN LATERAL jsonb_to_recordset(i.taxes) AS g (category text, rate numeric, base bigint, tax bigint)
         UNION ALL
        SELECT d.kind, d.invoice_id, d.document_id, d.sign, l.tax_category, l.tax_rate, l.net_minor, l.tax_minor
          FROM documents d JOIN note_lines l ON l.note_id = d.document_id)
    SELECT category, trim_scale(rate) AS rate, kind, count(DISTINCT document_id) AS documents,
           sum(sign * base)::bigint AS base, sum(sign * tax)::bigint AS tax
      FROM groups GROUP BY category, trim_scale(rate), kind ORDER BY category, trim_scale(rate), kind
    """  # noqa: S608 - constants
)
_KINDS = text(
    f"""
    WITH documents AS MATERIALIZED ({_DOCUMENTS}),
    totals AS (
        SELECT d.kind, d.document_id, d.sign, i.net_minor, i.tax_minor, i.cash_rounding_minor, i.total_minor
          FROM documents d JOIN invoices i ON i.id = d.document_id
         UNION ALL
        SELECT d.kind, d.document_id, d.sign, n.net_minor, n.tax_minor, n.cash_rounding_minor, n.total_minor
          FROM documents d JOIN notes n ON n.id = d.document_id)
    SELECT kind, count(*) AS documents, sum(sign * net_minor)::bigint AS net, sum(sign * tax_minor)::bigint AS tax,
           sum(sign * cash_rounding_minor)::bigint AS cash_rounding, sum(sign * total_minor)::bigint AS total
      FROM totals GROUP BY kind ORDER BY kind
    """  # noqa: S608 - constants
)


async def by_rate(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[Any]:
    """Base and tax of each category, rate and kind of document, from the tax groups of each document."""
    return list(await connection.execute(_RATES, _asked(clinic_id, period)))


async def by_kind(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[Any]:
    """The same documents by their own totals, which the tax groups have to add up to."""
    return list(await connection.execute(_KINDS, _asked(clinic_id, period)))


def _asked(clinic_id: UUID, period: Period) -> dict[str, Any]:
    return {"clinic_id": clinic_id, "first": period.first, "last": period.last}
