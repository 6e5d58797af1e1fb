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
from chassis.database.transaction import Work


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
