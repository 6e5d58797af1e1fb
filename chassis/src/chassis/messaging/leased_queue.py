"""A queue of work in the database that workers lease from: what a service does besides requests, messages and jobs.

Woken by a bell after each commit that asked for something, and by a short poll, which is the guarantee. Any number of
workers take from it at once, and one may be killed at any point: its leases run out, and another worker takes the rows.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.messaging.delays import IN_VAIN_MAX
from chassis.messaging.errors import is_transient, reason_of, reason_of_interruption
from chassis.messaging.jobs import count_failed

POLL_SECONDS = 0.5
PAUSE_AFTER_FAULT_SECONDS = 1.0
REMEMBERED_MAX = 10_000
"""Of so many items it is known how often they were interrupted."""

Item = TypeVar("Item")

logger = logging.getLogger(__name__)


class Leased(NamedTuple, Generic[Item]):
    """What was taken: how many rows of the queue, and what of them is to be worked on."""

    rows: int
    items: Sequence[Item]


class LeasedQueue(ABC, Generic[Item]):
    """A worker's loop over a queue (`Service.loops`); at most `at_once` items are in work at a time.

    A service says how rows are leased (`lease`) and what is done with each (`work`). A fault that leaves `work` is
    logged by its kind and leaves the item to its lease; it is counted, so that somebody is told, where it is not the
    surroundings', or was said to be that of the same item again and again (`ALL-6`, `ALL-7`).
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
        self._in_vain: Counter[str] = Counter()
        """How often in a row an item was interrupted that had been leased, for which the database has to answer."""

    @abstractmethod
    def identity(self, item: Item) -> str:
        """What is the same of an item each time that it is leased; the log names it so."""

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
        item = self.identity(self.in_work.pop(working))
        if working.cancelled() or (fault := working.exception()) is None:
            self._in_vain.pop(item, None)
            return
        troubling = not is_transient(fault) or self._is_in_vain(item)
        level = logging.ERROR if troubling else logging.WARNING
        logger.log(level, "left to its lease", extra={"job": self._name, "item_id": item, "error": reason_of(fault)})
        if troubling:
            count_failed(self._name)

    def _is_in_vain(self, item: str) -> bool:
        if item not in self._in_vain and len(self._in_vain) >= REMEMBERED_MAX:
            del self._in_vain[next(iter(self._in_vain))]
        self._in_vain[item] += 1
        return self._in_vain[item] >= IN_VAIN_MAX

    async def _pause(self, rung: asyncio.Event, seconds: float) -> None:
        """Until the bell rings, one is done, or the time is up."""
        ringing = asyncio.create_task(rung.wait())
        await asyncio.wait({ringing, *self.in_work}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        ringing.cancel()
