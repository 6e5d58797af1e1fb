"""Operations of an API, asked by eight clients: what a table says is asked, and only that counts as measured."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import floors
from clinic import Clinic, closed_loop
from figures import Figure, percentile
from local_stack.practice.api import Answer, Api
from local_stack.supervisor import Stack

CLIENTS = 8
WARM_UP, ALONE, TIMES = 16, 16, 80
COUNT = WARM_UP + ALONE + TIMES
"""How many things there have to be of each kind that can be changed once."""
FLOOR_SECONDS = 1
FLOOR_READS = 400
CHEAPEST = {"invoicing": "GET /v1/clinic", "payments": "GET /v1/settings"}
"""The floor of reads: one row by its key, with the same token, session and transaction around it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one request says."""

    path: Mapping[str, object] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, str | int] = field(default_factory=dict)
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """An operation as the OpenAPI document names it, and what its request number n says."""

    name: str
    service: str
    operation: str
    given: Callable[[int], Given] = lambda _: Given()
    clients: int = CLIENTS
    by: Api | None = None
    """Another person than the one who asks for everything else."""

    @property
    def writes(self) -> bool:
        """Whether it has a key, and so leaves rows; a dry run or a search is a POST that has none."""
        return not self.operation.startswith("GET ") and not self.operation.endswith(("/preview", "/search"))


class Asking:
    """One clinic that is asked; what was answered is kept by the name of the ask, for those that build upon it."""

    def __init__(self, stack: Stack, clinic: Clinic, scratch: Path) -> None:
        self.stack = stack
        self.clinic = clinic
        self.scratch = scratch
        self.made: dict[str, dict[int, Answer]] = {}
        self._last_key: dict[str, UUID] = {}

    async def all(self, asks: Sequence[Ask]) -> list[Figure]:
        """The figures of each, in this order, service by service within one floor database each."""
        found: list[Figure] = []
        for service, of_service in itertools.groupby(asks, key=lambda ask: ask.service):
            reads = await self._cheapest(service)
            async with floors.floor_database(self.stack, service, self.scratch) as target:
                found += [await self._figure(ask, reads, target) for ask in of_service]
        return found

    async def _figure(self, ask: Ask, reads: float, target: str) -> Figure:
        rate, seconds, alone = await self._measured(ask)
        p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
        floor = await self._rows(ask, target) if ask.writes else reads
        detail = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms of {TIMES}; one client p50 {alone:.1f} ms of {ALONE}"
        return Figure(
            f"{ask.name}, {ask.clients} client{'s' if ask.clients > 1 else ''}",
            rate,
            "/s",
            floor=floor,
            floor_of="the same rows by pgbench" if ask.writes else CHEAPEST[ask.service],
            detail=f"{detail}; {ask.service}: {ask.operation}",
        )

    async def _cheapest(self, service: str) -> float:
        """The rate of the service's cheapest read, once its processes are warm."""
        ask = Ask(f"cheapest read of {service}", service, CHEAPEST[service])
        await closed_loop(CLIENTS, FLOOR_READS, lambda number: self._once(ask, number))
        rate, _ = await closed_loop(CLIENTS, FLOOR_READS, lambda number: self._once(ask, number))
        return rate

    async def _measured(self, ask: Ask) -> tuple[float, Sequence[float], float]:
        """The rate and the seconds with all clients, and before that the milliseconds of one alone (p50)."""
        await closed_loop(ask.clients, WARM_UP, lambda number: self._once(ask, number))
        _, alone = await closed_loop(1, ALONE, lambda number: self._once(ask, WARM_UP + number))
        before = WARM_UP + ALONE
        rate, seconds = await closed_loop(ask.clients, TIMES, lambda number: self._once(ask, before + number))
        return rate, seconds, percentile(alone, 0.5) * 1000

    async def _once(self, ask: Ask, number: int) -> None:
        given, key = ask.given(number), uuid4()
        headers = {"Idempotency-Key": str(key)} if ask.writes else {}
        if given.version is not None:
            headers["If-Match"] = given.version
        headers |= {"Accept": "*/*"}
        answer = await (ask.by or self.clinic.api).send(
            ask.service,
            self.clinic.id,
            ask.operation.format(**given.path),
            body=given.body,
            headers=headers,
            query=given.query,
        )
        self.made.setdefault(ask.name, {})[number] = answer
        self._last_key[ask.name] = key

    async def _rows(self, ask: Ask, target: str) -> float:
        """The key that a request was made under is written with what the request changes: it leads to the rest."""
        dsn, key = self.stack.database_dsn(ask.service), str(self._last_key[ask.name])
        rows = await floors.written_rows(dsn, "idempotency_keys", "split_part(key, chr(10), 2)", key)
        return await floors.written_per_second(target, rows, self.scratch, clients=ask.clients, seconds=FLOOR_SECONDS)

    def body(self, name: str, number: int) -> Any:
        """What was answered to that request."""
        return self.made[name][number].body

    def etag(self, name: str, number: int) -> str:
        """The version that was answered."""
        return str(self.made[name][number].etag)


async def prepare(times: int, once: Callable[[int], Any]) -> list[Any]:
    """What so many calls answer, eight at once, in the order of their numbers: not measured."""
    found: dict[int, Any] = {}

    async def one(number: int) -> None:
        found[number] = await once(number)

    await closed_loop(CLIENTS, times, one)
    return [found[number] for number in range(times)]


async def until(so: Callable[[], Any], what: str, seconds: float = 60) -> None:
    """Wait until the services have heard of something. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not await so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not in {seconds} s: {what}")
        await asyncio.sleep(0.05)
