"""A queue of work in the database that workers lease from: what a service does besides requests, messages and jobs.

Woken by a bell after each commit that asked for something, and by a short poll, which is the guarantee. Any number of
workers take from it at once, and one may be killed at any point: its leases run out, and another worker takes the rows.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.messaging.errors import is_transient, reason_of, reason_of_interruption
from chassis.messaging.jobs import count_failed

POLL_SECONDS = 0.5
PAUSE_AFTER_FAULT_SECONDS = 1.0

Item = TypeVar("Item")

logger = logging.getLogger(__name__)


class Leased(NamedTuple, Generic[Item]):
    """What was taken: how many rows of the queue, and what of them is to be worked on."""

    rows: int
    items: Sequence[Item]


class LeasedQueue(ABC, Generic[Item]):
    """A worker's loop over a queue (`Service.loops`); at most `at_once` items are in work at a time.

    A service says how rows are leased (`lease`) and what is done with each (`work`). A fault that leaves `work` is
    logged by its kind, counted where it is not the surroundings', and leaves the item to its lease (`ALL-6`, `ALL-7`).
    """

    def __init__(self, database: Database, *, bell: str, name: str, at_once: int) -> None:
        self.database = database
        self.at_once = at_once
        self.in_work: dict[asyncio.Task[None], Item] = {}
        self.trouble: str | None = None
        """What keeps it from leasing at the moment; None where nothing does."""
        self._bell = bell
        self._name = name
        self._stopping = asyncio.Event()

    @abstractmethod
    async def lease(self, free: int) -> Leased[Item]:
        """Take up to `free` rows that are due away from others, for a while; `free` may be 0."""

    @abstractmethod
    async def work(self, item: Item) -> None:
        """Do one, from beginning to end."""

    async def run(self) -> None:
        """Work until stopped, then finish what is in work."""
        rung = self.database.bell.waiting(self._bell)
        while not self._stopping.is_set():
            rung.clear()
            try:
                free = self.free
                taken = await self.start_due()
                self.trouble = None
            except SESSION_FAULTS as fault:
                self.trouble = reason_of_interruption(fault)
                logger.warning("nothing leased", extra={"job": self._name, "error": self.trouble})
                await self._pause(rung, PAUSE_AFTER_FAULT_SECONDS)
                continue
            if not 0 < free == taken or not self.free:  # else there may be more, and there is room for it
                await self._pause(rung, POLL_SECONDS)
        await self.finish()

    def stop(self) -> None:
        """Lease nothing more."""
        self._stopping.set()
        self.database.bell.waiting(self._bell).set()

    @property
    def free(self) -> int:
        """How many more may be in work."""
        return self.at_once - len(self.in_work)

    async def start_due(self) -> int:
        """Begin with what is due, as far as there is room; returns how many rows were taken."""
        leased = await self.lease(max(0, self.free))
        for item in leased.items:
            working = asyncio.create_task(self.work(item), name=self._name)
            self.in_work[working] = item
            working.add_done_callback(self._ended)
        return leased.rows

    async def finish(self) -> None:
        """Wait for what is in work."""
        while self.in_work:
            await asyncio.wait(set(self.in_work))

    def _ended(self, working: asyncio.Task[None]) -> None:
        self.in_work.pop(working, None)
        if not working.cancelled() and (fault := working.exception()) is not None:
            level = logging.WARNING if is_transient(fault) else logging.ERROR
            logger.log(level, "left to its lease", extra={"job": self._name, "error": reason_of(fault)})
            if not is_transient(fault):
                count_failed(self._name)

    async def _pause(self, rung: asyncio.Event, seconds: float) -> None:
        """Until the bell rings, one is done, or the time is up."""
        ringing = asyncio.create_task(rung.wait())
        await asyncio.wait({ringing, *self.in_work}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        ringing.cancel()
