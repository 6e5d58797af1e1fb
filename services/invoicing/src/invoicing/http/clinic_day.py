"""What requests about invoices have in common: the clinic's present calendar day, and figures that payments moves."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from uuid import UUID

from chassis.clock import Clock, today
from chassis.database import Database
from chassis.http import Change, until_known
from chassis.money import Money
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.persistence import clinics, moving_figures


class ClinicDay:
    """A dependency: today, where the clinic is. What is overdue depends on it (`INV-9`)."""

    def __init__(self, request: Request) -> None:
        self._clock: Clock = request.app.state.resources.clock

    async def today(self, connection: AsyncConnection, clinic_id: UUID) -> date:
        """The clinic's calendar day; that of UTC for a clinic without settings, which has no invoices either."""
        found = await clinics.find_many(connection, [clinic_id])
        zone_name = found[clinic_id].time_zone if clinic_id in found else "UTC"
        return today(self._clock.now(), zone_name)


async def after_what_is_under_way(request: Request, change: Change, invoice_id: UUID, seen: Money | None) -> None:
    """Give what payments has just answered a moment to come, where the client names no figure that it has seen.

    Without a figure nobody can tell here whether something is under way; with one, it is waited for (`PLN-6`).
    """
    seconds = request.app.state.patience_seconds / 2
    if seen is not None or not seconds:
        return
    database: Database = request.app.state.resources.database

    async def version() -> Hashable:
        async with database.reading([change.clinic_id]) as connection:
            return await moving_figures.version_of(connection, invoice_id)

    known = await version()

    async def moved() -> bool | None:
        return await version() != known or None

    await until_known(moved, seconds)
