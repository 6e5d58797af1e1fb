"""What closed months collected, kept as sums: read in place of the documents for as long as nothing was added to them.

Settlements and notes are only ever added, and lines are frozen when an invoice is issued. So a month's sums are right
for as long as the clinic has as many of both until its end as it had when it was summed, in whatever order they came,
and where the clinic's calendar puts its end where it did then. Whoever adds an entry needs to know nothing of it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import takewhile
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.collected import Collected
from invoicing.domain.period import Period
from invoicing.persistence.report_of_collections import ROWS, asked
from invoicing.persistence.report_room import make_room

_STANDING = text(
    """
    WITH kept AS (
        SELECT month, ends_at, settlements, notes, coalesce(lag(ends_at) OVER months, '-infinity') AS begins_at,
               CASE WHEN lag(month) OVER months IS NULL THEN '-infinity' ELSE month END AS first_day,
               CAST(month + interval '1 month' AS date) AS next_day
          FROM collected_months
         WHERE clinic_id = :clinic_id AND month + interval '1 month' <= CAST(:next_day AS date)
        WINDOW months AS (ORDER BY month)),
    present AS (
        SELECT k.*,
               (SELECT count(*) FROM settlements s WHERE s.clinic_id = :clinic_id
                   AND s.occurred_at >= k.begins_at AND s.occurred_at < k.ends_at) AS moved,
               (SELECT count(*) FROM notes n WHERE n.clinic_id = :clinic_id
                   AND n.issue_date >= k.first_day AND n.issue_date < k.next_day) AS noted
          FROM kept k)
    SELECT month, ends_at,
           settlements = sum(moved) OVER months AND notes = sum(noted) OVER months AS complete
      FROM present WINDOW months AS (ORDER BY month) ORDER BY month
    """
)
_FIRST = text("SELECT min(occurred_at) FROM settlements WHERE clinic_id = :clinic_id")
_TOTALS = text(
    """
    SELECT provider_id, max(provider_name COLLATE "C") AS provider_name, kind, code_system, code,
           max(description COLLATE "C") AS description, sum(collected_minor)::bigint AS collected
      FROM collected_by_month WHERE clinic_id = :clinic_id AND month BETWEEN :first AND :last
     GROUP BY provider_id, kind, code_system, code HAVING sum(collected_minor) <> 0
    """
)
_DROP = text("DELETE FROM collected_months WHERE clinic_id = :clinic_id AND month >= :first")
# Counted before it is summed: what comes in between has the month summed again, and is never missed.
_COUNT = text(
    """
    INSERT INTO collected_months (clinic_id, month, ends_at, settlements, notes)
    SELECT CAST(:clinic_id AS uuid), CAST(:first AS date), CAST(:end AS timestamptz),
           (SELECT count(*) FROM settlements WHERE clinic_id = :clinic_id AND occurred_at < :end),
           (SELECT count(*) FROM notes WHERE clinic_id = :clinic_id AND issue_date <= :last)
    """
)
_SUM = text(
    f"""
    INSERT INTO collected_by_month (clinic_id, month, provider_id, provider_name, kind, code_system, code, description,
                                    collected_minor)
    SELECT CAST(:clinic_id AS uuid), CAST(:first AS date), r.* FROM ({ROWS}) r
    """  # noqa: S608 - constants
)


async def standing(connection: AsyncConnection, clinic_id: UUID, until: date, zone_name: str) -> list[date]:
    """The first days of the months whose sums are right, from the first month in which anything settled an invoice.

    Only months that are over at the end of the day `until` are looked at, and none after one that is not right.
    """
    rows = await connection.execute(_STANDING, {"clinic_id": clinic_id, "next_day": until + timedelta(days=1)})
    right = takewhile(lambda row: row.complete and row.ends_at == Period.of_month(row.month).ends_at(zone_name), rows)
    return [row.month for row in right]


async def first_settled_at(connection: AsyncConnection, clinic_id: UUID) -> datetime | None:
    """When anything first settled an invoice of the clinic; None where nothing did."""
    found: datetime | None = await connection.scalar(_FIRST, {"clinic_id": clinic_id})
    return found


async def totals(connection: AsyncConnection, clinic_id: UUID, first: date, last: date) -> list[Collected]:
    """What the months from one to another collected, by their first days."""
    given = {"clinic_id": clinic_id, "first": first, "last": last}
    return rows_as(Collected, await connection.execute(_TOTALS, given))


async def keep(connection: AsyncConnection, clinic_id: UUID, months: list[Period], zone_name: str) -> None:
    """Sum these months, which follow each other, in place of whatever is kept of them and of later ones."""
    await make_room(connection)
    await connection.execute(_DROP, {"clinic_id": clinic_id, "first": months[0].first})
    for month in months:
        given = asked(clinic_id, month, zone_name)
        await connection.execute(_COUNT, {name: given[name] for name in ("clinic_id", "first", "last", "end")})
        await connection.execute(_SUM, given)
