"""The day sheets: what was booked on a clinic's days, by method and group, and the cash that stood before (`PAY-10`).

A payment's group can be edited later, so a transaction keeps the group that its payment had; an edit on the day of the
transaction itself still counts, a later one does not. So it is with the groups themselves: their names and places are
those in force when the day ended, or the last day of several.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.database.driver import driver_of
from chassis.database.rows import rows_as
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.day_sheet import Booking, BookingFilter, Cash, Total
from payments.domain.transaction import CASH_IN, CASH_SIGNS
from payments.persistence.recordset import among, conditions_of, planned_limit

STREAMED_AT_ONCE = 500

# What each kind does to the cash of its method.
_SIGN = f"CASE WHEN kind IN {among(CASH_IN)} THEN 1 ELSE -1 END"
_KINDS = f"t.kind IN {among(CASH_SIGNS)}"
# Both limits are `$2` and `$3`, days included.
_RELABELED = """
    relabeled AS MATERIALIZED (
        SELECT DISTINCT ON (payment_id, changed_on) payment_id, changed_on, group_after
          FROM relabelings WHERE clinic_id = $1 AND changed_on BETWEEN $2 AND $3
         ORDER BY payment_id, changed_on, relabeling_id DESC)
"""
_GROUP = "CASE WHEN r.payment_id IS NULL THEN t.group_id ELSE r.group_after END"
_BOOKED = f"""
      FROM transactions AS t
      LEFT JOIN relabeled AS r ON r.payment_id = t.payment_id AND r.changed_on = t.booked_on
     WHERE t.clinic_id = $1 AND {_KINDS}
"""
_TOTALS = f"""
    SELECT t.booked_on, t.kind, t.method, t.method_label, {_GROUP} AS group_id, count(*) AS count,
           sum(t.amount_minor)::bigint AS minor
    {_BOOKED} AND t.booked_on BETWEEN $2 AND $3
     GROUP BY t.booked_on, t.kind, t.method, t.method_label, {_GROUP}
"""
# What the groups were called and where they stood on a day: looked up once for each group of the clinic.
_NAMED = """
    named AS MATERIALIZED (
        SELECT g.group_id, c.name, c.position
          FROM payment_groups AS g
         CROSS JOIN LATERAL (
                SELECT name, position FROM payment_group_changes
                 WHERE group_id = g.group_id AND in_force_from <= {}
                 ORDER BY in_force_from DESC, version DESC LIMIT 1) AS c
         WHERE g.clinic_id = $1)
"""
_SUMMED = """
    SELECT booked_on, kind, method, method_label, group_id, count, minor FROM day_totals
     WHERE clinic_id = $1 AND booked_on BETWEEN $2 AND $3
"""
_WITH_NAMES = """
    SELECT totals.*, named.name AS group_name, named.position AS group_position
      FROM totals LEFT JOIN named ON named.group_id = totals.group_id
     ORDER BY totals.booked_on, totals.method, totals.method_label, named.position, named.name, totals.kind
"""
_BETWEEN = f"""
    WITH {_RELABELED}, {_NAMED.format("$4")}, totals AS ({_TOTALS}) {_WITH_NAMES}
"""
_PERIOD = f"""
    WITH {_NAMED.format("$4")}, totals AS ({_SUMMED}) {_WITH_NAMES}
"""
_UNTIL = "SELECT until FROM summed_days WHERE clinic_id = $1"
_OPENING = f"""
    SELECT method, method_label, sum(minor)::bigint AS minor
      FROM (SELECT method, method_label, {_SIGN} * minor AS minor FROM day_totals
             WHERE clinic_id = $1 AND booked_on < $2
             UNION ALL
            SELECT method, method_label, {_SIGN} * amount_minor FROM transactions AS t
             WHERE clinic_id = $1 AND booked_on > coalesce($3::date, '-infinity') AND booked_on < $2 AND {_KINDS}
           ) AS moved
     GROUP BY method, method_label ORDER BY method, method_label
"""  # noqa: S608 - only texts of this module
_FIRST_UNSUMMED = """
    SELECT min(booked_on) FROM transactions WHERE clinic_id = $1 AND booked_on > coalesce($2::date, '-infinity')
"""
_SUM = f"""
    WITH {_RELABELED}
    INSERT INTO day_totals (clinic_id, booked_on, kind, method, method_label, group_id, count, minor)
    SELECT $1, totals.* FROM ({_TOTALS}) AS totals
"""  # noqa: S608 - only texts of this module
_SUMMED_UNTIL = """
    INSERT INTO summed_days (clinic_id, until) VALUES ($1, $2)
    ON CONFLICT (clinic_id) DO UPDATE SET until = excluded.until
"""
_CONDITIONS = {
    "kind": "t.kind = {}",
    "method": "t.method = {}",
    "method_label": "t.method_label = {}",
    "group_id": f"{_GROUP} = {{}}",
    "in_a_group": f"({_GROUP} IS NOT NULL) = {{}}::boolean",
    "after": "t.transaction_id > {}",
}


async def totals(connection: AsyncConnection, clinic_id: UUID, first: date, last: date) -> list[Total]:
    """What was booked from day to day, each day's by kind, method and group, as the groups were on the last day."""
    driver = await driver_of(connection)
    until = await _summed_until(driver, clinic_id)
    found: Sequence[Mapping[str, Any]] = []
    if until is not None and first <= until:
        found = await driver.fetch(_PERIOD, clinic_id, first, min(until, last), last)
        first = date.fromordinal(until.toordinal() + 1)
    if first <= last:
        found = [*found, *await driver.fetch(_BETWEEN, clinic_id, first, last, last)]
    return rows_as(Total, found)


async def cash_before(connection: AsyncConnection, clinic_id: UUID, day: date) -> list[Cash]:
    """What all movements before a day came to, by method."""
    driver = await driver_of(connection)
    until = await _summed_until(driver, clinic_id)
    return rows_as(Cash, await driver.fetch(_OPENING, clinic_id, day, until))


async def sum_days(connection: AsyncConnection, clinic_id: UUID, last: date, days_max: int) -> bool:
    """Sum the next days, up to `last`, for good; False where there were none."""
    driver = await driver_of(connection)
    until = await _summed_until(driver, clinic_id)
    first: date | None = await driver.fetchval(_FIRST_UNSUMMED, clinic_id, until)
    if first is None or first > last:
        return False
    through = min(last, date.fromordinal(first.toordinal() + days_max - 1))
    await driver.execute(_SUM, clinic_id, first, through)
    await driver.execute(_SUMMED_UNTIL, clinic_id, through)
    return True


async def _summed_until(driver: Any, clinic_id: UUID) -> date | None:
    """Up to which day the days were summed; None where none was."""
    found: date | None = await driver.fetchval(_UNTIL, clinic_id)
    return found


async def bookings(
    connection: AsyncConnection, clinic_id: UUID, day: date, wanted: BookingFilter, limit: int
) -> list[Booking]:
    """The transactions that a sheet is the sum of, in order."""
    values = conditions_of(wanted, _CONDITIONS)
    driver = await driver_of(connection)
    statement = _listing(tuple(values), planned_limit(limit))
    rows = await driver.fetch(statement, clinic_id, day, day, *values.values())
    return rows_as(Booking, rows[:limit])


async def streamed(
    connection: AsyncConnection, clinic_id: UUID, day: date, wanted: BookingFilter
) -> AsyncIterator[Booking]:
    """All of them, some in memory at a time."""
    values = conditions_of(wanted, _CONDITIONS)
    driver = await driver_of(connection)
    statement = _listing(tuple(values))
    async for row in driver.cursor(statement, clinic_id, day, day, *values.values(), prefetch=STREAMED_AT_ONCE):
        yield Booking(**row)


@lru_cache(maxsize=64)
def _listing(names: tuple[str, ...], limit: int | None = None) -> str:
    conditions = "".join(f" AND {_CONDITIONS[name].format(f'${4 + place}')}" for place, name in enumerate(names))
    return f"""
    WITH {_RELABELED}, {_NAMED.format("$2")},
    booked AS (
        SELECT t.transaction_id, t.kind, t.patient_id, t.payment_id, t.amount_minor, t.method, t.method_label,
               {_GROUP} AS group_id, t.reason_code, t.reason, t.external_reference,
               t.recorded_at, t.received_at, t.recorded_by
        {_BOOKED} AND t.booked_on = $2 {conditions}
         ORDER BY t.transaction_id {"" if limit is None else f"LIMIT {limit}"})
    SELECT booked.*, named.name AS group_name, receipts.number AS receipt_number
      FROM booked
      LEFT JOIN named ON named.group_id = booked.group_id
      LEFT JOIN receipts ON receipts.transaction_id = booked.transaction_id
     ORDER BY booked.transaction_id
    """  # noqa: S608 - only texts of this module
