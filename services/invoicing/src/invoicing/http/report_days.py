"""Which days a report is about: asked for in the query, in the clinic's calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.clock import FIRST_DAY, LAST_DAY, Clock, today
from chassis.http import Invalid
from chassis.http.period import require_in_order
from chassis.http.time import Day
from chassis.sentence import Sentence
from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.period import Period
from invoicing.persistence import clinics


class Days:
    """A dependency: the days of a period, both included."""

    def __init__(
        self,
        from_: Annotated[
            Day | None, Query(alias="from", description="The first day; from the beginning without")
        ] = None,
        to: Annotated[Day | None, Query(description="The last day; all there is without")] = None,
    ) -> None:
        self.from_, self.to = from_, to
        require_in_order(from_, to)
        self.period = Period(from_ or FIRST_DAY, to or LAST_DAY)

    @property
    def name(self) -> str:
        """As a part of a file's name."""
        return "-".join(str(day) for day in (self.from_, self.to) if day) or "all"


class AsOf:
    """A dependency: the day at whose end something is looked at; today without one."""

    def __init__(
        self,
        request: Request,
        as_of: Annotated[Day | None, Query(description="The day at whose end it is looked at; today without")] = None,
    ) -> None:
        self._clock: Clock = request.app.state.resources.clock
        self._asked = as_of

    async def days(self, connection: AsyncConnection, clinic_id: UUID) -> tuple[date, date]:
        """The day, and today. Raises Invalid for a day after today."""
        present = today(self._clock.now(), (await clinics.find_settings(connection, clinic_id)).time_zone)
        if self._asked is not None and self._asked > present:
            raise Invalid(
                "as_of", Sentence("is after today, {today}: what will be owed nobody knows yet", today=present)
            )
        return self._asked or present, present
