"""Gapless, strictly increasing numbers per clinic and series (`INV-7`).

A series is one row. Taking a number locks it until the transaction ends, so a rollback or a crash gives the number
back and no two transactions hold the same one. Take it as the last thing before the commit: others wait meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.row_security import Operations, append_only, protect
from chassis.database.transaction import Work

LOST_NUMBERS = """
CREATE TABLE lost_numbers (
    clinic_id    uuid NOT NULL,
    series       text NOT NULL,
    first_number bigint NOT NULL,
    last_number  bigint NOT NULL CHECK (last_number >= first_number),
    noted_at     timestamptz NOT NULL,
    noted_by     text NOT NULL,
    PRIMARY KEY (clinic_id, series, first_number)
)
"""


def create_lost_numbers(op: Operations) -> None:
    """Numbers of documents that were announced before the database was put back: a step of a migration."""
    op.execute(LOST_NUMBERS)
    protect(op, "lost_numbers", ("SELECT", "INSERT"))
    append_only(op, "lost_numbers")


class DateBeforeSeries(ValueError):
    """A document dated before the last one of its series (`INV-7`)."""

    field = "issue_date"

    def __init__(self, series: str, asked: date) -> None:
        self.series = series
        self.asked = asked
        super().__init__(f"the series {series} already has a document dated after {asked.isoformat()}")


@dataclass(frozen=True, slots=True)
class Block:
    """So many numbers of a series, for documents of one date."""

    count: int
    on: date


_TAKE = Statement(
    """
    INSERT INTO number_series AS s (clinic_id, series, last_number, last_date)
    SELECT a.clinic_id, :series, a.count, a.on_date
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:counts AS bigint[]), CAST(:dates AS date[]))
           AS a (clinic_id, count, on_date)
     ORDER BY a.clinic_id
    ON CONFLICT (clinic_id, series) DO UPDATE
       SET last_number = s.last_number + excluded.last_number, last_date = excluded.last_date
     WHERE s.last_date <= excluded.last_date
    RETURNING s.clinic_id, s.last_number
    """
)


async def next_numbers(work: Work, series: str, wanted: Mapping[UUID, Block]) -> dict[UUID, range]:
    """The next numbers of a series for several clinics, in one round trip. Raises DateBeforeSeries."""
    rows = await _TAKE.rows(
        work.connection,
        {
            "series": series,
            "clinics": list(wanted),
            "counts": [block.count for block in wanted.values()],
            "dates": [block.on for block in wanted.values()],
        },
    )
    taken = {
        row["clinic_id"]: range(row["last_number"] - wanted[row["clinic_id"]].count + 1, row["last_number"] + 1)
        for row in rows
    }
    for clinic_id, block in wanted.items():
        if clinic_id not in taken:
            raise DateBeforeSeries(series, block.on)
    return taken


@dataclass(frozen=True, slots=True)
class LostNumbers:
    """Numbers of a series that were announced, and of which nothing is known any more, from the first to the last."""

    clinic_id: UUID
    series: str
    first: int
    last: int


_LOCK = Statement(
    """
    SELECT clinic_id, last_number FROM number_series
     WHERE series = :series AND clinic_id = ANY (CAST(:clinics AS uuid[])) ORDER BY clinic_id FOR UPDATE
    """
)
_RAISE = Statement(
    """
    INSERT INTO number_series AS s (clinic_id, series, last_number, last_date)
    SELECT a.clinic_id, :series, a.last_number, :no_date
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:lasts AS bigint[])) AS a (clinic_id, last_number)
     ORDER BY a.clinic_id
    ON CONFLICT (clinic_id, series) DO UPDATE SET last_number = excluded.last_number
    """
)
_KEEP_LOST = Statement(
    """
    INSERT INTO lost_numbers (clinic_id, series, first_number, last_number, noted_at, noted_by)
    SELECT a.clinic_id, :series, a.first_number, a.last_number, :at, :by
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:firsts AS bigint[]), CAST(:lasts AS bigint[]))
           AS a (clinic_id, first_number, last_number)
    """
)


async def skip_numbers(work: Work, series: str, announced: Mapping[UUID, int]) -> list[LostNumbers]:
    """Have a series go on above the highest number that each clinic announced in it, after a restore (`INV-7`).

    What lies between is kept as lost, so that a proof tells it from a gap. No number that others know of is given to
    another document. The same once more changes nothing.
    """
    clinics = sorted(announced)
    rows = await _LOCK.rows(work.connection, {"series": series, "clinics": clinics})
    given = {row["clinic_id"]: row["last_number"] for row in rows}
    lost = [
        LostNumbers(clinic_id, series, given.get(clinic_id, 0) + 1, announced[clinic_id])
        for clinic_id in clinics
        if announced[clinic_id] > given.get(clinic_id, 0)
    ]
    if lost:
        values = {"series": series, "clinics": [one.clinic_id for one in lost], "lasts": [one.last for one in lost]}
        await _RAISE.rows(work.connection, values | {"no_date": date.min})
        noted = {"firsts": [one.first for one in lost], "at": work.now, "by": work.actor}
        await _KEEP_LOST.rows(work.connection, values | noted)
    return lost
