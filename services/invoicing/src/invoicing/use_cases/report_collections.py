"""Report what was collected in a period: closed months from their sums, other days from documents (`PAY-16`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.collected import Collected, added_up
from invoicing.domain.period import Period
from invoicing.persistence import collected_months
from invoicing.persistence.report_of_collections import by_procedure


async def report_collections(
    connection: AsyncConnection, clinic_id: UUID, period: Period, zone_name: str
) -> list[Collected]:
    """By provider and by what was done; minor units. Read at one instant, so that sums and documents go together."""
    if not period.has_a_whole_month:
        return await by_procedure(connection, clinic_id, period, zone_name)
    standing = await collected_months.standing(connection, clinic_id, period.last, zone_name)
    months = [month for month in standing if month >= period.first]
    if not months:
        return await by_procedure(connection, clinic_id, period, zone_name)
    collected = await collected_months.totals(connection, clinic_id, months[0], months[-1])
    for days in _around(period, months, standing[0]):
        collected += await by_procedure(connection, clinic_id, days, zone_name)
    return added_up(collected)


def _around(period: Period, months: Sequence[date], earliest: date) -> Iterator[Period]:
    """The days before and after the months; before the earliest of all nothing was collected."""
    if period.first < months[0] and months[0] != earliest:
        yield Period(period.first, Period.of_month(period.first).last)
    following = Period.of_month(months[-1]).following
    if following <= period.last:
        yield Period(following, period.last)
