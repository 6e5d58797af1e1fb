"""What is stored against what it follows from: totals from lines, sums from notes and settlements (`ALL-8`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_SUMS = text(
    """
    SELECT i.id, i.number, i.credited_minor, i.debited_minor, i.settled_minor,
           i.forgiven_minor, i.contractual_minor, i.bad_debt_minor, i.recovered_minor,
           coalesce(n.credited, 0) AS credited, coalesce(n.debited, 0) AS debited, coalesce(s.settled, 0) AS settled,
           coalesce(n.forgiven, 0) AS forgiven, coalesce(n.contractual, 0) AS contractual,
           coalesce(n.bad_debt, 0) AS bad_debt, coalesce(n.recovered, 0) AS recovered
      FROM invoices i
      LEFT JOIN (SELECT n.invoice_id, sum(n.total_minor) FILTER (WHERE n.side = 'credit') AS credited,
                        sum(n.total_minor) FILTER (WHERE n.side = 'debit') AS debited,
                        sum(CASE WHEN n.kind IN ('write_off', 'bad_debt', 'bad_debt_again') THEN n.total_minor
                                 WHEN u.kind IN ('write_off', 'bad_debt') OR n.kind = 'bad_debt_recovery'
                                 THEN -n.total_minor ELSE 0 END) AS forgiven,
                        sum(CASE WHEN n.kind IN ('bad_debt', 'bad_debt_again') THEN n.total_minor
                                 WHEN u.kind = 'bad_debt' OR n.kind = 'bad_debt_recovery'
                                 THEN -n.total_minor ELSE 0 END) AS bad_debt,
                        sum(CASE n.kind WHEN 'bad_debt_recovery' THEN n.total_minor
                                        WHEN 'bad_debt_again' THEN -n.total_minor ELSE 0 END) AS recovered,
                        sum(CASE n.side WHEN 'credit' THEN n.total_minor ELSE -n.total_minor END)
                            FILTER (WHERE n.decision_id IS NOT NULL) AS contractual
                   FROM notes n LEFT JOIN notes u ON u.id = n.undoes_id GROUP BY n.invoice_id) n ON n.invoice_id = i.id
      LEFT JOIN (SELECT invoice_id, sum(change_minor) AS settled FROM settlements GROUP BY invoice_id) s
             ON s.invoice_id = i.id
     WHERE (i.credited_minor, i.debited_minor, i.settled_minor, i.forgiven_minor, i.contractual_minor,
            i.bad_debt_minor, i.recovered_minor)
           IS DISTINCT FROM (coalesce(n.credited, 0), coalesce(n.debited, 0), coalesce(s.settled, 0),
                             coalesce(n.forgiven, 0), coalesce(n.contractual, 0), coalesce(n.bad_debt, 0),
                             coalesce(n.recovered, 0))
     ORDER BY i.id LIMIT :most
    """
)
_NOTES = text(
    """
    SELECT n.id, n.number, n.net_minor, n.tax_minor, sum(l.net_minor) AS net, sum(l.tax_minor) AS tax
      FROM notes n LEFT JOIN note_lines l ON l.note_id = n.id
     GROUP BY n.id HAVING (n.net_minor, n.tax_minor) IS DISTINCT FROM (sum(l.net_minor), sum(l.tax_minor))
     ORDER BY n.id LIMIT :most
    """
)
_NUMBERS = text(
    """
    SELECT series, clinic_id, last_number, documents, highest FROM (
        SELECT s.series, s.clinic_id, s.last_number,
               CASE s.series WHEN 'invoice' THEN i.documents WHEN 'credit_note' THEN c.documents ELSE d.documents END
                   AS documents,
               CASE s.series WHEN 'invoice' THEN i.highest WHEN 'credit_note' THEN c.highest ELSE d.highest END
                   AS highest
          FROM number_series s
          LEFT JOIN (SELECT clinic_id, count(*) AS documents, max(series_number) AS highest
                       FROM invoices WHERE series_number IS NOT NULL GROUP BY 1) i USING (clinic_id)
          LEFT JOIN (SELECT clinic_id, count(*) AS documents, max(series_number) AS highest
                       FROM notes WHERE side = 'credit' GROUP BY 1) c USING (clinic_id)
          LEFT JOIN (SELECT clinic_id, count(*) AS documents, max(series_number) AS highest
                       FROM notes WHERE side = 'debit' GROUP BY 1) d USING (clinic_id)) counted
     WHERE last_number IS DISTINCT FROM documents OR last_number IS DISTINCT FROM highest
     ORDER BY clinic_id, series LIMIT :most
    """
)
_CLAIMS = text(
    """
    SELECT l.procedure_id, count(*) AS lines
      FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
     WHERE l.procedure_id IS NOT NULL AND i.status <> 'void'
     GROUP BY l.clinic_id, l.procedure_id HAVING count(*) > 1 ORDER BY 1 LIMIT :most
    """
)
_DECISIONS = text(
    """
    SELECT d.decision_id, d.charge_minor, d.paid_minor, d.written_off_minor, l.charge, l.paid,
           coalesce(n.total, 0) AS noted, l.adjusted, coalesce(a.adjusted, 0) AS told
      FROM decisions d
      LEFT JOIN (SELECT clinic_id, decision_id, sum(charge_minor) AS charge, sum(paid_minor) AS paid,
                        sum(contractual_minor + patient_minor + other_minor) AS adjusted
                   FROM decision_lines GROUP BY 1, 2) l USING (clinic_id, decision_id)
      LEFT JOIN (SELECT clinic_id, decision_id, sum(amount_minor) AS adjusted
                   FROM decision_adjustments GROUP BY 1, 2) a USING (clinic_id, decision_id)
      LEFT JOIN (SELECT clinic_id, decision_id,
                        sum(CASE side WHEN 'credit' THEN total_minor ELSE -total_minor END) AS total
                   FROM notes WHERE decision_id IS NOT NULL GROUP BY 1, 2) n USING (clinic_id, decision_id)
     WHERE (d.charge_minor, d.paid_minor, d.written_off_minor, coalesce(a.adjusted, 0))
           IS DISTINCT FROM (coalesce(l.charge, 0), coalesce(l.paid, 0), coalesce(n.total, 0), coalesce(l.adjusted, 0))
     ORDER BY d.id LIMIT :most
    """
)
_COUNTS = text(
    """
    SELECT (SELECT count(*) FROM invoices WHERE status <> 'draft') AS invoices, (SELECT count(*) FROM notes) AS notes,
           (SELECT count(*) FROM decisions) AS decisions,
           (SELECT count(*) FROM settlements) AS settlements, (SELECT count(*) FROM billable_procedures) AS procedures
    """
)
_ISSUED_AFTER = text("SELECT id FROM invoices WHERE status <> 'draft' AND id > :after ORDER BY id LIMIT :most")


async def wrong_sums(connection: AsyncConnection, most: int) -> list[Any]:
    """Invoices whose sums are not those of their notes and settlements."""
    return list(await connection.execute(_SUMS, {"most": most}))


async def wrong_notes(connection: AsyncConnection, most: int) -> list[Any]:
    """Notes whose totals are not the sums of their lines."""
    return list(await connection.execute(_NOTES, {"most": most}))


async def wrong_numbers(connection: AsyncConnection, most: int) -> list[Any]:
    """Series with a gap: fewer documents than numbers (`INV-7`)."""
    return list(await connection.execute(_NUMBERS, {"most": most}))


async def billed_twice(connection: AsyncConnection, most: int) -> list[Any]:
    """Procedures on more than one invoice that is not void (`INV-3`)."""
    return list(await connection.execute(_CLAIMS, {"most": most}))


async def wrong_decisions(connection: AsyncConnection, most: int) -> list[Any]:
    """Insurers' decisions that are not the sums of their lines, adjustments and notes (`INS-3`)."""
    return list(await connection.execute(_DECISIONS, {"most": most}))


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How much was looked at."""
    return dict((await connection.execute(_COUNTS)).mappings().one())


async def issued_after(connection: AsyncConnection, after: UUID, most: int) -> list[UUID]:
    """The next issued invoices in the order of their ids, to be recomputed in portions."""
    return [row.id for row in await connection.execute(_ISSUED_AFTER, {"after": after, "most": most})]
