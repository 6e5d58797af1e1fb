"""What reads of invoices have in common: the clinic's present calendar day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.clock import Clock, today
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.persistence import clinics


class ClinicDay:
    """A dependency: today, where the clinic is. What is overdue depends on it (`INV-9`)."""

    def __init__(self, request: Request) -> None:
        self._clock: Clock = request.app.state.resources.clock

    async def today(self, connection: AsyncConnection, clinic_id: UUID) -> date:
        """The clinic's calendar day; that of UTC for a clinic without settings, which has no invoices either."""
        found = await clinics.find_many(connection, [clinic_id])
        zone_name = found[clinic_id].time_zone if clinic_id in found else "UTC"
        return today(self._clock.now(), zone_name)
