"""How far behind a service is, for `/health/ready` and as metrics; counted up to a bound, so always cheap."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from opentelemetry.metrics import CallbackOptions, Observation
from sqlalchemy import text

from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.database.machinery import every_clinic
from chassis.messaging.errors import reason_of_interruption
from chassis.resources import Figures
from chassis.telemetry import meter

logger = logging.getLogger(__name__)

_gauges = {
    "outbox_unpublished": meter.create_gauge("dental_billing.outbox.unpublished", unit="{message}"),
    "outbox_oldest_seconds": meter.create_gauge("dental_billing.outbox.oldest", unit="s"),
    "messages_waiting": meter.create_gauge("dental_billing.messages.waiting", unit="{message}"),
    "messages_dead": meter.create_gauge("dental_billing.messages.dead", unit="{message}"),
    "relay_leads": meter.create_gauge("dental_billing.relay.leads", unit="{relay}"),
}

_troubles: dict[str, Callable[[], str | None]] = {}
"""What keeps each loop of this process from its work, asked whenever metrics are told: also without a database."""


def _told(_: CallbackOptions) -> Iterator[Observation]:
    for name, trouble in list(_troubles.items()):
        yield Observation(int(trouble() is not None), {"loop": name})


meter.create_observable_gauge("dental_billing.loops.troubled", unit="{loop}", callbacks=[_told])

_BEHIND = text(
    """
    SELECT (SELECT count(*) FROM (SELECT FROM outbox WHERE published_at IS NULL LIMIT 100000) AS o) AS unpublished,
           coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)
                       FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 1), 0) AS oldest_seconds,
           (SELECT count(*) FROM (SELECT FROM dead_letters WHERE state = 'waiting' LIMIT 100000) AS w) AS waiting,
           (SELECT count(*) FROM (SELECT FROM dead_letters WHERE state = 'dead' LIMIT 100000) AS d) AS dead
    """
)


def figures_of(database: Database, leads: Callable[[], bool]) -> Figures:
    """What is not published yet, how old the oldest of it is, what is set aside, and whether it is this one's turn."""

    async def figures() -> dict[str, float]:
        async with database.reading([]) as connection, every_clinic(connection):
            row = (await connection.execute(_BEHIND)).one()
        return {
            "outbox_unpublished": row.unpublished,
            "outbox_oldest_seconds": round(float(row.oldest_seconds), 3),
            "messages_waiting": row.waiting,
            "messages_dead": row.dead,
            "relay_leads": int(leads()),
        }

    return figures


def tell_troubles(loops: Mapping[str, Any]) -> None:
    """Tell from now on, in metrics, which of these loops of this process does not get on."""
    _troubles.clear()
    _troubles.update({name: partial(getattr, loop, "trouble") for name, loop in loops.items()})


class Measuring:
    """Records the figures as gauges, in every worker: whichever of them is lost, the others go on telling."""

    def __init__(self, figures: Figures, service: str, every_seconds: float) -> None:
        self._figures = figures
        self._service = service
        self._every_seconds = every_seconds
        self._stopping = asyncio.Event()
        self.trouble: str | None = None

    async def run(self) -> None:
        """Measure until stopped, whatever becomes of the database meanwhile."""
        while not self._stopping.is_set():
            try:
                await self.measure()
                self.trouble = None
            except SESSION_FAULTS as fault:
                self.trouble = reason_of_interruption(fault)
                logger.warning("figures not measured", extra={"error": self.trouble})
            try:
                async with asyncio.timeout(self._every_seconds):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    def stop(self) -> None:
        """End at once."""
        self._stopping.set()

    async def measure(self) -> None:
        """Record the figures now."""
        for name, value in (await self._figures()).items():
            _gauges[name].set(value, {"service.name": self._service})
