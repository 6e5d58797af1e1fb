"""More than can be answered: two hundred clients who never pause."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import orjson
import psutil
from clinic import Clinic, closed_loop, money
from figures import Figure, percentile
from local_stack.practice.wire import Wire
from local_stack.supervisor import Stack

CLINICS, CLIENTS, SECONDS, ANSWER_SECONDS = 8, 200, 20.0, 2.5
BESIDE_TIMES = 10.0
"""So many times as long as by itself a payment may take beside a clinic that does its worst."""
CREATED = 201
PATIENTS = 20
_PLACES = count()


@dataclass
class Till:
    """One clinic with patients who pay, each on an invoice of their own, and a token."""

    clinic: Clinic
    patients: list[UUID]
    invoices: list[UUID]
    token: str

    async def pay(self, number: int) -> Any:
        """One of them pays a dollar."""
        place = number % len(self.patients)
        return await self.clinic.pay(self.patients[place], self.invoices[place], 100)


@dataclass
class Told:
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
    tills = [await till_of(clinic) for clinic in clinics]
    url = f"{stack.layout.url('payments')}/v1/payments"
    before, memory = await alone(tills[0]), _megabytes(stack)
    spread = await crowd(url, tills)
    recovered = await alone(tills[0])
    by_itself, beside = await crowd(url, tills[1:2], clients=1), Told()
    greedy = await crowd(url, tills[:1], beside=(tills[1], beside))
    return [
        *figures_of(f"{CLIENTS} clients of {len(tills)} clinics", spread),
        Figure("a payment alone afterwards, p50", recovered, "ms", detail=f"before: {before:.1f} ms"),
        *figures_of(f"{CLIENTS} clients of one clinic", greedy),
        Figure("memory of the API afterwards", _megabytes(stack), "MB", detail=f"before: {memory:.0f} MB"),
        Figure(
            "a payment of another clinic meanwhile, p99",
            percentile(beside.answered or [SECONDS], 0.99) * 1000,
            "ms",
            detail=f"p50 {percentile(beside.answered or [SECONDS], 0.5) * 1000:.0f} ms; {beside.counts()}",
        ),
        neighbour(by_itself, beside),
    ]


def neighbour(by_itself: Told, beside: Told) -> Figure:
    """How many times as long a clinic waits beside one that does its worst (`ALL-4.3`).

    Who is refused is not served: beside, that counts as if it had taken all the time that there was.
    """
    alone_seconds = percentile(by_itself.answered, 0.95)
    beside_seconds = percentile([*beside.answered, *[SECONDS for _ in beside.refused]], 0.95)
    return Figure(
        "a payment of another clinic meanwhile, p95, beside by itself",
        beside_seconds / alone_seconds,
        "times",
        BESIDE_TIMES,
        at_least=False,
        detail=f"{beside_seconds * 1000:.0f} and {alone_seconds * 1000:.0f} ms; {beside.counts()}",
    )


def _megabytes(stack: Stack) -> float:
    return psutil.Process(stack.processes["payments-api"].pid).memory_info().rss / 1_000_000


async def till_of(clinic: Clinic) -> Till:
    """A clinic where each of twenty patients has paid once, and owes enough for the whole of a measurement."""
    patients = await clinic.open(PATIENTS)
    invoices = [await clinic.issue_invoice(patient, price_minor=100_000_000) for patient in patients]
    till = Till(clinic, patients, invoices, await clinic.api.token())
    for number in range(PATIENTS):
        await till.pay(number)
    return till


async def crowd(
    url: str, tills: Sequence[Till], beside: tuple[Till, Told] | None = None, clients: int = CLIENTS
) -> Told:
    """So many clients of these clinics, for so many seconds; one more of another clinic beside them."""
    told = Told()
    wire = Wire(clients + 1)
    until = time.perf_counter() + SECONDS
    asking = [_client(wire, url, tills[number % len(tills)], told, until) for number in range(clients)]
    if beside is not None:
        asking.append(_client(wire, url, *beside, until))
    try:
        await asyncio.gather(*asking)
    finally:
        wire.close()
    return told


async def _client(wire: Wire, url: str, till: Till, told: Told, until: float) -> None:
    """Pays a dollar again and again, and asks again at once, whatever it is told."""
    place = next(_PLACES) % len(till.patients)
    body = {"patient_id": str(till.patients[place]), "amount": money(100), "method": "cash"}
    content = orjson.dumps(body | {"allocations": [{"invoice_id": str(till.invoices[place])}]})
    headers = {"Authorization": f"Bearer {till.token}", "Clinic-Id": str(till.clinic.id)}
    headers |= {"Content-Type": "application/json"}
    while (began := time.perf_counter()) < until:
        answer = await wire.request("POST", url, headers | {"Idempotency-Key": str(uuid4())}, content)
        told.add(answer.status, time.perf_counter() - began)


async def alone(till: Till) -> float:
    """The median of a payment with nothing beside it, in milliseconds."""
    _, seconds = await closed_loop(1, 40, till.pay)
    return percentile(seconds, 0.5) * 1000


def figures_of(who: str, told: Told) -> list[Figure]:
    """How many were answered, and how long those waited."""
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
