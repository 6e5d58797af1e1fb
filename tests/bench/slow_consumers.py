"""Payments while receipts and notifications hardly move, then two hundred clients: all of it in one run.

Both services stand still for nine tenths of each second, rendering too. Whoever pays does not wait for them, what they
have not heard waits in Kafka and not in anybody's memory, and once they have their time again they hear the rest.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from clinic import Clinic, closed_loop
from contracts.participants import LISTENS, PARTITIONS
from figures import Figure, percentile
from local_stack.supervisor import Stack
from overload import CLIENTS, Till, alone, crowd, figures_of, till_of

CLINICS = 4
PAYING_CLIENTS, PAYMENTS = 8, 200
SLOW = ("receipts-api-worker", "notifications-api-worker")
STILL_SECONDS, MOVING_SECONDS = 0.9, 0.1
LISTENERS = ("invoicing", "receipts", "notifications")
"""Who hears of payments, or of their receipts."""
TIMES_MAX = 1.5
GROWTH_MB = 60
HEARD_SECONDS_MAX, GIVEN_UP_SECONDS = 60.0, 300.0
_LOOK_SECONDS = 1.0


@dataclass
class _Watched:
    """What each process of ours held at most, and how far behind each service was at most."""

    before: dict[str, float]
    megabytes: dict[str, float] = field(default_factory=dict)
    behind: dict[str, int] = field(default_factory=dict)

    @property
    def growth(self) -> dict[str, float]:
        return {name: self.megabytes.get(name, at_first) - at_first for name, at_first in self.before.items()}


async def slow_consumers(stack: Stack, clinics: Sequence[Clinic]) -> list[Figure]:
    """What paying takes with all well and with both services slow; the crowd; memory, and how far each was behind."""
    tills = [await till_of(clinic) for clinic in clinics]
    payments = f"{stack.layout.url('payments')}/v1/payments"
    well, alone_before = await _p95(tills[0]), await alone(tills[0])
    async with _watched(stack) as watched:
        async with _slowed(stack):
            slow = await _p95(tills[0])
            told = await crowd(payments, tills)
            alone_after = await alone(tills[0])
        heard = await _heard(stack)
    most = max(watched.growth, key=lambda name: watched.growth[name])
    return [
        Figure(
            "a payment while receipts and notifications are slow, p95",
            slow / well,
            "times as long as with all well",
            TIMES_MAX,
            at_least=False,
            detail=f"{slow * 1000:.0f} ms; {well * 1000:.0f} ms with all well; {PAYING_CLIENTS} clients",
        ),
        *figures_of(f"{CLIENTS} clients of {len(tills)} clinics beside slow receipts", told),
        Figure("a payment alone right after them, p50", alone_after, "ms", detail=f"before: {alone_before:.0f} ms"),
        Figure(
            "memory that a process grew by meanwhile, the most",
            watched.growth[most],
            "MB",
            GROWTH_MB,
            at_least=False,
            detail=", ".join(f"{name} {size:.0f} (+{watched.growth[name]:.0f})" for name, size in _by_name(watched)),
        ),
        Figure(
            "all events heard, after receipts and notifications had their time again",
            heard,
            "s",
            HEARD_SECONDS_MAX,
            at_least=False,
            detail="behind at most: " + ", ".join(f"{name} {count:,}" for name, count in watched.behind.items()),
        ),
    ]


def _by_name(watched: _Watched) -> list[tuple[str, float]]:
    return sorted(watched.megabytes.items())


async def _p95(till: Till) -> float:
    _, seconds = await closed_loop(PAYING_CLIENTS, PAYMENTS, till.pay)
    return percentile(seconds, 0.95)


@asynccontextmanager
async def _slowed(stack: Stack) -> AsyncIterator[None]:
    """While it lasts, both services and what renders for them move for a tenth of each second."""

    async def pulse() -> None:
        while True:
            _send(stack, signal.SIGSTOP)
            await asyncio.sleep(STILL_SECONDS)
            _send(stack, signal.SIGCONT)
            await asyncio.sleep(MOVING_SECONDS)

    pulsing = asyncio.create_task(pulse())
    try:
        yield
    finally:
        pulsing.cancel()
        _send(stack, signal.SIGCONT)


def _send(stack: Stack, number: signal.Signals) -> None:
    for name in SLOW:
        parent = psutil.Process(stack.processes[name].pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)


@asynccontextmanager
async def _watched(stack: Stack) -> AsyncIterator[_Watched]:
    watched = _Watched(_megabytes(stack))

    async def look() -> None:
        while True:
            for name, size in _megabytes(stack).items():
                watched.megabytes[name] = max(size, watched.megabytes.get(name, 0.0))
            for name, count in (await _behind(stack)).items():
                watched.behind[name] = max(count, watched.behind.get(name, 0))
            await asyncio.sleep(_LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield watched
    finally:
        looking.cancel()


def _megabytes(stack: Stack) -> dict[str, float]:
    services = {name: child for name, child in stack.processes.items() if name not in ("edge", "frontdesk")}
    return {name: psutil.Process(child.pid).memory_info().rss / 1_000_000 for name, child in services.items()}


async def _behind(stack: Stack) -> dict[str, int]:
    """How many events are published in each service's topics that it has not heard."""
    kafka = stack.layout.addresses().kafka_bootstrap
    groups, reader = AIOKafkaAdminClient(bootstrap_servers=kafka), AIOKafkaConsumer(bootstrap_servers=kafka)
    await asyncio.gather(groups.start(), reader.start())
    try:
        found = {}
        for service in LISTENERS:
            topics = {event.topic for event in LISTENS[service]}
            ends = await reader.end_offsets(
                [TopicPartition(topic, each) for topic in topics for each in range(PARTITIONS)]
            )
            heard = await groups.list_consumer_group_offsets(service)
            found[service] = sum(end - max(0, heard[one].offset if one in heard else 0) for one, end in ends.items())
        return found
    finally:
        await asyncio.gather(groups.close(), reader.stop())


async def _heard(stack: Stack) -> float:
    """The seconds until nothing that was published is unheard. Raises TimeoutError."""
    began = time.perf_counter()
    while any(behind := (await _behind(stack)).values()):
        if time.perf_counter() - began > GIVEN_UP_SECONDS:
            raise TimeoutError(f"{sum(behind)} events were not heard in {GIVEN_UP_SECONDS:.0f} s")
        await asyncio.sleep(_LOOK_SECONDS)
    return time.perf_counter() - began
