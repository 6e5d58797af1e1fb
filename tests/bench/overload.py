"""More than can be answered: two hundred clients who never pause, and readers of files who hardly read."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import orjson
from books import record_payments
from clinic import Clinic, closed_loop, money
from figures import Figure, percentile
from local_stack.practice.wire import Wire
from local_stack.supervisor import Stack

CLINICS, CLIENTS, SECONDS, ANSWER_SECONDS = 8, 200, 20.0, 2.5
READERS, LINES = 50, 20_000
PAYMENTS, PAYING_CLIENTS = 400, 8
CREATED = 201
PATIENTS = 20
_PLACES = count()


@dataclass
class _Till:
    """One clinic with patients who pay, each on an invoice of their own, and a token."""

    clinic: Clinic
    patients: list[UUID]
    invoices: list[UUID]
    token: str

    async def pay(self, number: int) -> Any:
        place = number % len(self.patients)
        return await self.clinic.pay(self.patients[place], self.invoices[place], 100)


@dataclass
class _Told:
    """What clients were answered, and how long each answer took."""

    seconds: dict[int, list[float]] = field(default_factory=dict)

    def add(self, status: int, seconds: float) -> None:
        self.seconds.setdefault(status, []).append(seconds)

    @property
    def answered(self) -> list[float]:
        return self.seconds.get(CREATED, [])

    @property
    def refused(self) -> list[float]:
        return [one for status, found in self.seconds.items() if status != CREATED for one in found]

    def counts(self) -> str:
        counted = Counter({status: len(found) for status, found in self.seconds.items()})
        return ", ".join(f"{status}: {times}" for status, times in sorted(counted.items()))


async def overload(stack: Stack, clinics: Sequence[Clinic]) -> list[Figure]:
    """Two hundred clients of several clinics who ask again at once; then all of them of one, beside another's."""
    tills = [await _till(clinic) for clinic in clinics]
    url = f"{stack.layout.url('payments')}/v1/payments"
    before = await _alone(tills[0])
    spread = await _crowd(url, tills)
    recovered = await _alone(tills[0])
    beside = _Told()
    greedy = await _crowd(url, tills[:1], beside=(tills[1], beside))
    return [
        *_figures(f"{CLIENTS} clients of {len(tills)} clinics", spread),
        Figure("a payment alone afterwards, p50", recovered, "ms", detail=f"before: {before:.1f} ms"),
        *_figures(f"{CLIENTS} clients of one clinic", greedy),
        Figure(
            "a payment of another clinic meanwhile, p99",
            percentile(beside.answered, 0.99) * 1000,
            "ms",
            detail=f"p50 {percentile(beside.answered, 0.5) * 1000:.0f} ms; {beside.counts()}",
        ),
    ]


async def slow_readers(stack: Stack, clinic: Clinic, other: Clinic) -> list[Figure]:
    """Payments beside readers who ask for a large file and do not read it."""
    till, full = await _till(clinic), await _till(other)
    connection = await asyncpg.connect(stack.database_dsn("payments"))
    try:
        today = date.fromisoformat((await full.pay(0))["booked_on"])
        await record_payments(connection, full.clinic.id, full.patients[0], full.invoices[0], LINES, today)
    finally:
        await connection.close()
    before = await _paying(till)
    async with _readers(stack.layout.url("payments"), full):
        beside = await _paying(till)
    name = f"payments, {PAYING_CLIENTS} clients, beside {READERS} readers of a file who do not read"
    return [Figure(name, beside[0], "/s", detail=f"p99 {beside[1]:.0f} ms; without them {before[0]:.0f}/s")]


async def _till(clinic: Clinic) -> _Till:
    patients = await clinic.open(PATIENTS)
    invoices = [await clinic.issue_invoice(patient, price_minor=100_000_000) for patient in patients]
    till = _Till(clinic, patients, invoices, await clinic.api.token())
    for number in range(PATIENTS):
        await till.pay(number)
    return till


async def _crowd(url: str, tills: Sequence[_Till], beside: tuple[_Till, _Told] | None = None) -> _Told:
    told = _Told()
    wire = Wire(CLIENTS + 1)
    until = time.perf_counter() + SECONDS
    clients = [_client(wire, url, tills[number % len(tills)], told, until) for number in range(CLIENTS)]
    if beside is not None:
        clients.append(_client(wire, url, *beside, until))
    try:
        await asyncio.gather(*clients)
    finally:
        wire.close()
    return told


async def _client(wire: Wire, url: str, till: _Till, told: _Told, until: float) -> None:
    """Pays a dollar again and again, and asks again at once, whatever it is told."""
    place = next(_PLACES) % len(till.patients)
    body = {"patient_id": str(till.patients[place]), "amount": money(100), "method": "cash"}
    content = orjson.dumps(body | {"allocations": [{"invoice_id": str(till.invoices[place])}]})
    headers = {"Authorization": f"Bearer {till.token}", "Clinic-Id": str(till.clinic.id)}
    headers |= {"Content-Type": "application/json"}
    while (began := time.perf_counter()) < until:
        answer = await wire.request("POST", url, headers | {"Idempotency-Key": str(uuid4())}, content)
        told.add(answer.status, time.perf_counter() - began)


async def _alone(till: _Till) -> float:
    """The median of a payment with nothing beside it, in milliseconds."""
    _, seconds = await closed_loop(1, 40, till.pay)
    return percentile(seconds, 0.5) * 1000


async def _paying(till: _Till) -> tuple[float, float]:
    rate, seconds = await closed_loop(PAYING_CLIENTS, PAYMENTS, till.pay)
    return rate, percentile(seconds, 0.99) * 1000


@asynccontextmanager
async def _readers(base: str, till: _Till) -> AsyncIterator[None]:
    """Connections that have asked for a file, and read the first byte of it at most."""
    parts = urlsplit(base)
    named = f"Authorization: Bearer {till.token}\r\nClinic-Id: {till.clinic.id}\r\n"
    head = f"GET /v1/journal/entries.csv HTTP/1.1\r\nHost: {parts.netloc}\r\n{named}\r\n"
    async with AsyncExitStack() as stack:
        for _ in range(READERS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1)
            stack.callback(writer.transport.abort)
            writer.write(head.encode())
        yield


def _figures(who: str, told: _Told) -> list[Figure]:
    answered, refused = told.answered, told.refused
    slowest = f"; a refusal takes {percentile(refused, 0.5) * 1000:.0f} ms" if refused else ""
    return [
        Figure(f"payments recorded, {who}", len(answered) / SECONDS, "/s", detail=f"{told.counts()}{slowest}"),
        Figure(
            f"the same, p95 of who is answered, {who}",
            percentile(answered, 0.95),
            "s",
            ANSWER_SECONDS,
            at_least=False,
            detail=f"p50 {percentile(answered, 0.5):.2f} s, longest {max(answered):.2f} s",
        ),
    ]
