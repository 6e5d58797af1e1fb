"""What was collected for whose procedures: what settled invoices, divided over their lines to the cent (`PAY-16`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.collected import Collected
from invoicing.domain.period import Period
from invoicing.persistence.report_room import make_room

# What a period collected for a line is what the line had of all that was settled at its end, less what it had at its
# beginning: so periods add up, and what is cancelled leaves the line that it had gone to. A line has its part by what
# it asks for with tax, less what was credited of it; debit notes have theirs together. Largest remainder, in order.
_ROWS = """
    WITH moved AS MATERIALIZED (
        SELECT invoice_id, sum(change_minor)::bigint AS change FROM settlements
         WHERE clinic_id = :clinic_id AND occurred_at >= :begin AND occurred_at < :end GROUP BY invoice_id),
    inside AS MATERIALIZED (
        SELECT invoice_id, change FROM moved
         UNION ALL
        SELECT n.invoice_id, 0 FROM notes n
         WHERE n.clinic_id = :clinic_id AND n.issue_date BETWEEN :first AND :last
           AND NOT EXISTS (SELECT 1 FROM moved m WHERE m.invoice_id = n.invoice_id)
         GROUP BY n.invoice_id),
    earlier AS (
        SELECT s.invoice_id, sum(s.change_minor)::bigint AS before
          FROM settlements s
         WHERE s.clinic_id = :clinic_id AND s.occurred_at < :begin AND s.invoice_id IN (SELECT invoice_id FROM inside)
         GROUP BY s.invoice_id),
    known AS MATERIALIZED (
        SELECT i.id AS invoice_id, e.before, n.change + coalesce(e.before, 0) AS after,
               e.before IS NULL AND n.change = i.total_minor AND n.change <> 0 AND i.net_minor = i.total_minor
                   AND i.tax_minor = 0 AND i.credited_minor = 0 AND i.debited_minor = 0
                   AND (i.taxes @? '$[*] ? (@.rate != "0")') IS FALSE AS plain
          FROM inside n LEFT JOIN earlier e ON e.invoice_id = n.invoice_id JOIN invoices i ON i.id = n.invoice_id),
    sides AS (
        SELECT k.invoice_id, side.sign, side.settled, side.until
          FROM known k
         CROSS JOIN LATERAL (VALUES (1, k.after, CAST(:last AS date)), (-1, k.before, CAST(:first AS date) - 1))
               AS side (sign, settled, until)
         WHERE side.settled <> 0 AND NOT k.plain),
    noted AS (
        SELECT n.invoice_id, n.issue_date, l.invoice_line_id,
               CASE n.side WHEN 'credit' THEN -1 ELSE 1 END * l.net_minor AS net,
               CASE n.side WHEN 'credit' THEN -1 ELSE 1 END * (l.net_minor + l.tax_minor) AS gross,
               n.side = 'debit' AND n.undoes_id IS NULL AND n.kind <> 'bad_debt_recovery' OR u.side = 'debit'
                   OR l.debit_note_id IS NOT NULL AS asks_more
          FROM notes n JOIN note_lines l ON l.note_id = n.id LEFT JOIN notes u ON u.id = n.undoes_id
         WHERE n.invoice_id IN (SELECT invoice_id FROM sides)),
    parts AS (
        SELECT d.invoice_id, d.sign, d.settled, l.position, l.provider_id, l.provider_name, l.kind, l.code_system,
               coalesce(l.code, l.sku) AS code, l.description,
               (l.net_minor + coalesce((
                   SELECT sum(n.net) FROM noted n
                    WHERE n.invoice_id = d.invoice_id AND n.invoice_line_id = l.id AND n.issue_date <= d.until), 0))
                   * (100 + l.tax_rate) AS weight
          FROM sides d JOIN invoice_lines l ON l.invoice_id = d.invoice_id
         UNION ALL
        SELECT d.invoice_id, d.sign, d.settled, 2147483647, NULL, NULL, 'debit_note', NULL, NULL, NULL,
               greatest(0, sum(n.gross)) * 100
          FROM sides d JOIN noted n ON n.invoice_id = d.invoice_id AND n.issue_date <= d.until
         WHERE n.invoice_line_id IS NULL AND n.asks_more GROUP BY d.invoice_id, d.sign, d.settled),
    weighed AS (
        SELECT p.*, sum(weight) OVER whole AS all_weight,
               row_number() OVER (PARTITION BY invoice_id, sign ORDER BY position) AS place
          FROM parts p WINDOW whole AS (PARTITION BY invoice_id, sign)),
    floored AS (
        SELECT *, CASE WHEN all_weight <= 0 THEN CASE WHEN place = 1 THEN settled ELSE 0 END
                       ELSE div(settled * weight, all_weight) END AS part,
               CASE WHEN all_weight <= 0 THEN 0 ELSE abs(settled * weight) % all_weight END AS rest
          FROM weighed),
    ranked AS (
        SELECT *, settled - sum(part) OVER (PARTITION BY invoice_id, sign) AS missing,
               row_number() OVER (PARTITION BY invoice_id, sign ORDER BY rest DESC, position) AS turn
          FROM floored),
    shared AS (
        SELECT provider_id, provider_name, kind, code_system, code, description,
               sign * (part + CASE WHEN turn <= abs(missing) THEN sign(missing) ELSE 0 END) AS minor FROM ranked),
    told AS MATERIALIZED (
        SELECT l.provider_id, {names}, l.kind, l.code_system, l.code, sum(l.minor) AS minor
          FROM shared l GROUP BY l.provider_id, l.kind, l.code_system, l.code
         UNION ALL
        SELECT l.provider_id, {names}, l.kind, l.code_system, coalesce(l.code, l.sku), sum(l.net_minor)
          FROM known k JOIN invoice_lines l ON l.invoice_id = k.invoice_id WHERE k.plain
         GROUP BY l.provider_id, l.kind, l.code_system, coalesce(l.code, l.sku))
    SELECT provider_id, max(provider_name COLLATE "C") AS provider_name, kind, code_system, code,
           max(description COLLATE "C") FILTER (WHERE code IS NOT NULL) AS description, sum(minor)::bigint AS collected
      FROM told GROUP BY provider_id, kind, code_system, code HAVING sum(minor) <> 0
"""
# Names may have changed from line to line: one is as good as another, so the quickest comparison will do.
# Where words have ended (`ALL-9`), what a code was called is told by later years, if at all.
_NAMES = """
    max(l.provider_name COLLATE "C") AS provider_name,
    max(nullif(l.description, 'its years are over') COLLATE "C") AS description
"""
ROWS = _ROWS.format(names=_NAMES)
"""Rows of `Collected` for the parameters `asked`."""
_BY_PROCEDURE = text(ROWS)
# A few days and all there is are not asked for in the same way: a plan for any of them takes twice the time for all.
_PLANNED_FOR_ITS_DAYS = text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")


async def by_procedure(connection: AsyncConnection, clinic_id: UUID, period: Period, zone_name: str) -> list[Collected]:
    """What was collected in a period, by provider and by what was done, from the documents."""
    await make_room(connection)
    await connection.execute(_PLANNED_FOR_ITS_DAYS)
    return rows_as(Collected, await connection.execute(_BY_PROCEDURE, asked(clinic_id, period, zone_name)))


def asked(clinic_id: UUID, period: Period, zone_name: str) -> dict[str, Any]:
    """The parameters of `ROWS`."""
    return {
        "clinic_id": clinic_id,
        "first": period.first,
        "last": period.last,
        "begin": period.begins_at(zone_name),
        "end": period.ends_at(zone_name),
    }
