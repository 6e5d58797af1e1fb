"""What is stored against what it follows from: sums of notes, settlements and lines, and gapless numbers (`ALL-8`)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_SUMS = """
SELECT 'invoice ' || i.id || ' ' || f.what AS what, f.expected, f.found
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
 CROSS JOIN LATERAL (VALUES
        ('credited', coalesce(n.credited, 0), i.credited_minor),
        ('debited', coalesce(n.debited, 0), i.debited_minor),
        ('settled', coalesce(s.settled, 0), i.settled_minor),
        ('forgiven', coalesce(n.forgiven, 0), i.forgiven_minor),
        ('contractual', coalesce(n.contractual, 0), i.contractual_minor),
        ('bad_debt', coalesce(n.bad_debt, 0), i.bad_debt_minor),
        ('recovered', coalesce(n.recovered, 0), i.recovered_minor)) AS f (what, expected, found)
"""
# A note of cash rounding alone has no line (`MON-6`).
_NOTES = """
SELECT 'note ' || n.number || ' net and tax' AS what,
       concat_ws(', ', coalesce(sum(l.net_minor), 0), coalesce(sum(l.tax_minor), 0)) AS expected,
       concat_ws(', ', n.net_minor, n.tax_minor) AS found
  FROM notes n LEFT JOIN note_lines l ON l.note_id = n.id GROUP BY n.id
"""
# Fewer documents than numbers are a gap, where the numbers were not lost with the database (`INV-7`).
_NUMBERS = """
SELECT 'series ' || s.series || ' of clinic ' || s.clinic_id AS what,
       s.last_number - coalesce(l.lost, 0) || ' documents to ' || s.last_number AS expected,
       coalesce(d.documents, 0) || ' documents to ' || greatest(d.highest, l.highest, 0) AS found
  FROM number_series s
  LEFT JOIN (SELECT clinic_id, 'invoice' AS series, count(*) AS documents, max(series_number) AS highest
               FROM invoices WHERE series_number IS NOT NULL GROUP BY 1
              UNION ALL
             SELECT clinic_id, side || '_note', count(*), max(series_number) FROM notes GROUP BY 1, 2) d
    USING (clinic_id, series)
  LEFT JOIN (SELECT clinic_id, series, sum(last_number - first_number + 1) AS lost, max(last_number) AS highest
               FROM lost_numbers GROUP BY 1, 2) l
    USING (clinic_id, series)
"""
# No procedure is on two invoices that are not void (`INV-3`).
_CLAIMS = """
SELECT 'invoices of procedure ' || l.procedure_id AS what, 1 AS expected, count(*) AS found
  FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
 WHERE l.procedure_id IS NOT NULL AND i.status <> 'void' GROUP BY l.clinic_id, l.procedure_id
"""
_DECISIONS = """
SELECT 'decision ' || d.decision_id || ' charge, paid, adjusted, written off' AS what,
       concat_ws(', ', coalesce(l.charge, 0), coalesce(l.paid, 0), coalesce(l.adjusted, 0), coalesce(n.total, 0))
           AS expected,
       concat_ws(', ', d.charge_minor, d.paid_minor, coalesce(a.adjusted, 0), d.written_off_minor) AS found
  FROM decisions d
  LEFT JOIN (SELECT clinic_id, decision_id, sum(charge_minor) AS charge, sum(paid_minor) AS paid,
                    sum(contractual_minor + patient_minor + other_minor) AS adjusted
               FROM decision_lines GROUP BY 1, 2) l USING (clinic_id, decision_id)
  LEFT JOIN (SELECT clinic_id, decision_id, sum(amount_minor) AS adjusted
               FROM decision_adjustments GROUP BY 1, 2) a USING (clinic_id, decision_id)
  LEFT JOIN (SELECT clinic_id, decision_id,
                    sum(CASE side WHEN 'credit' THEN total_minor ELSE -total_minor END) AS total
               FROM notes WHERE decision_id IS NOT NULL AND kind <> 'deferred_write_off'
              GROUP BY 1, 2) n USING (clinic_id, decision_id)
"""
CHECKS = (_SUMS, _NOTES, _NUMBERS, _CLAIMS, _DECISIONS)
_COUNTS = text(
    """
    SELECT (SELECT count(*) FROM invoices WHERE status <> 'draft') AS invoices, (SELECT count(*) FROM notes) AS notes,
           (SELECT count(*) FROM decisions) AS decisions,
           (SELECT count(*) FROM settlements) AS settlements, (SELECT count(*) FROM billable_procedures) AS procedures
    """
)
_ISSUED_AFTER = text("SELECT id FROM invoices WHERE status <> 'draft' AND id > :after ORDER BY id LIMIT :most")


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How much was looked at."""
    return dict((await connection.execute(_COUNTS)).mappings().one())


async def issued_after(connection: AsyncConnection, after: UUID, most: int) -> list[UUID]:
    """The next issued invoices in the order of their ids, to be recomputed in portions."""
    return [row.id for row in await connection.execute(_ISSUED_AFTER, {"after": after, "most": most})]
