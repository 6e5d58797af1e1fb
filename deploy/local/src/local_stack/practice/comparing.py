"""Comparing the services with each other: two tallies side by side, page by page, at a common point (`ALL-8`).

First both sides are read as they are. What differs then may only be on its way. It counts if both sides stay as they
are while everything that had been announced is consumed: what one side knew before, the other had heard by then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from local_stack.practice.api import Api
from local_stack.practice.printing import counted
from local_stack.practice.streams import LETTERS_PATIENCE_SECONDS, Point, SetAside, Streams

DOUBTS_MAX = 500
"""How many differing things of one clinic and comparison are looked into at a time."""
ATTEMPTS_MAX = 20
IDS_AT_ONCE = 50

Figures = dict[str, Any]
Row = tuple[UUID, Figures]


@dataclass(frozen=True)
class Compared:
    """What two services keep of the same things: the first decides it, the second heard of it by events."""

    name: str
    first: str
    second: str
    figures: tuple[str, ...]

    def __str__(self) -> str:
        """In words."""
        return f"{self.name} of {self.first} and {self.second}"


_ISSUED = ("patient", "number", "due_date", "treatment_plans", "total", "tax", "notes")
_OWED = ("settled", "settled_by", "outstanding", "void")
_PLANNED = ("invoice", "version", "live")
COMPARED = (
    Compared("invoices", "invoicing", "payments", (*_ISSUED, *_OWED)),
    Compared("invoices", "invoicing", "receipts", ("patient", "total", "void")),
    Compared("invoices", "invoicing", "notifications", ("total", "outstanding", "void")),
    Compared("plans", "invoicing", "payments", (*_PLANNED, "installments")),
    Compared("plans", "invoicing", "receipts", _PLANNED),
    Compared("plans", "invoicing", "notifications", _PLANNED),
    Compared("refunds", "payments", "invoicing", ("wanted", "credited")),
    Compared("transactions", "payments", "receipts", ("patient", "kind", "amount", "undone_by")),
    Compared("transactions", "payments", "notifications", ("stands",)),
)
"""What is compared. The day that something is due decides what is settled first, so it is compared too (`PAY-3`)."""


@dataclass
class Outcome:
    """How many things were laid side by side, by comparison, and what differs, a line each."""

    counts: dict[Compared, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    awaiting: list[str] = field(default_factory=list)
    """What one service has not come to yet, as it waits for the register to tell of the patient (`ALL-11`), a line
    each: on its way, and no difference."""
    seconds: dict[Compared, float] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """What was compared, a line each."""
        for one in COMPARED:
            wrong = sum(line.startswith(f"{one}: ") for line in self.differences)
            count = counted(self.counts.get(one, 0), one.name[:-1])
            awaited = sum(line.startswith(f"{one}: ") for line in self.awaiting)
            waits = f"{awaited:,} on the way (the register has not told of the patient), " if awaited else ""
            rest = f"{counted(wrong, 'difference')}, {waits}{self.seconds.get(one, 0.0):.1f} s"
            yield f"{one.first} and {one.second}: {count}, {rest}"

    def told(self) -> Iterator[str]:
        """What differs, and what was set aside that may be the reason."""
        yield from self.differences
        if self.differences:
            yield from (f"perhaps because {one}" for one in self.set_aside)


async def compare_clinics(
    api: Api,
    clinics: Iterable[UUID],
    outcome: Outcome | None = None,
    letters_patience_seconds: float = LETTERS_PATIENCE_SECONDS,
) -> Outcome:
    """Compare the services with each other, clinic by clinic; what waits for its turn is given time to have it."""
    found = outcome or Outcome()
    async with Streams(api, api.addresses.kafka_bootstrap) as streams:
        comparing = Comparing(api, streams, letters_patience_seconds)
        for clinic_id in clinics:
            await comparing.compare(clinic_id, found)
    return found


class Comparing:
    """Compares clinics one after the other; what it holds is two pages, and what differs."""

    def __init__(self, api: Api, streams: Streams, letters_patience_seconds: float) -> None:
        self._api = api
        self._streams = streams
        self._letters_patience_seconds = letters_patience_seconds

    async def compare(self, clinic_id: UUID, outcome: Outcome) -> None:
        """Compare all that the services have of one clinic. Raises Stuck where their streams do not get on."""
        for compared in COMPARED:
            began = time.monotonic()
            count, doubts, more = await self._looked(clinic_id, compared)
            found = await self._confirmed(clinic_id, compared, doubts, outcome)
            while more and not found:
                # All of these were only on their way; so may the others have been.
                count, doubts, more = await self._looked(clinic_id, compared)
                found = await self._confirmed(clinic_id, compared, doubts, outcome)
            if more:
                found.append(f"{compared}: {more:,} more seem to differ")
            outcome.differences += found
            outcome.counts[compared] = outcome.counts.get(compared, 0) + count
            outcome.seconds[compared] = outcome.seconds.get(compared, 0.0) + time.monotonic() - began

    async def _looked(self, clinic_id: UUID, compared: Compared) -> tuple[int, list[UUID], int]:
        """How many things there are, those that differ at first sight, and how many more of these there are."""
        count, more = 0, 0
        doubts: list[UUID] = []
        async for one, left, right in self._side_by_side(clinic_id, compared):
            count += 1
            if _differing(compared, left, right):
                if len(doubts) < DOUBTS_MAX:
                    doubts.append(one)
                else:
                    more += 1
        return count, doubts, more

    async def _side_by_side(
        self, clinic_id: UUID, compared: Compared
    ) -> AsyncIterator[tuple[UUID, Figures | None, Figures | None]]:
        """Each thing that either has, by id, with what each keeps of it: a merge of two ordered lists."""
        lists = [self._rows(clinic_id, service, compared.name) for service in (compared.first, compared.second)]
        left, right = [await anext(one, None) for one in lists]
        while left is not None or right is not None:
            one = min(row[0] for row in (left, right) if row is not None)
            here, there = left, right
            yield one, here[1] if here and here[0] == one else None, there[1] if there and there[0] == one else None
            if here and here[0] == one:
                left = await anext(lists[0], None)
            if there and there[0] == one:
                right = await anext(lists[1], None)

    async def _rows(self, clinic_id: UUID, service: str, name: str) -> AsyncIterator[Row]:
        async for item in self._api.pages(service, clinic_id, f"/v1/tallies/{name}"):
            yield UUID(item["id"]), item["figures"]

    async def _confirmed(
        self, clinic_id: UUID, compared: Compared, doubts: Sequence[UUID], outcome: Outcome
    ) -> list[str]:
        """Those of the doubts that stay, while all that was on its way arrives; each told in a line."""
        found: list[str] = []
        for _ in range(ATTEMPTS_MAX):
            if not doubts:
                return found
            before = await self._both(clinic_id, compared, doubts)
            await self._streams.passed(clinic_id)
            point = await self._streams.worked_off(clinic_id, self._letters_patience_seconds)
            after = await self._both(clinic_id, compared, doubts)
            moving: list[UUID] = []
            for doubt in doubts:
                told = _differing(compared, *after[doubt])
                if told and before[doubt] != after[doubt]:
                    moving.append(doubt)
                elif told and (awaited := _awaited(compared, doubt, point)):
                    outcome.awaiting.append(f"{compared}: {doubt}: {awaited}")
                elif told:
                    found.append(_told(compared, doubt, told))
            outcome.set_aside += [one for one in point.set_aside if found and one not in outcome.set_aside]
            doubts = moving
        return [*found, *(f"{compared}: {doubt} changed whenever it was looked at" for doubt in doubts)]

    async def _both(
        self, clinic_id: UUID, compared: Compared, wanted: Sequence[UUID]
    ) -> dict[UUID, tuple[Figures | None, Figures | None]]:
        left, right = await asyncio.gather(
            *(self._some(clinic_id, one, compared.name, wanted) for one in (compared.first, compared.second))
        )
        return {id_: (left.get(id_), right.get(id_)) for id_ in wanted}

    async def _some(self, clinic_id: UUID, service: str, name: str, wanted: Sequence[UUID]) -> Mapping[UUID, Figures]:
        found: dict[UUID, Figures] = {}
        remaining = iter(wanted)
        while part := list(islice(remaining, IDS_AT_ONCE)):
            path = f"/v1/tallies/{name}?{'&'.join(f'id={id_}' for id_ in part)}&limit={IDS_AT_ONCE}"
            answer = await self._api.get(service, clinic_id, path)
            found |= {UUID(item["id"]): item["figures"] for item in answer.body["items"]}
        return found


def _differing(compared: Compared, left: Figures | None, right: Figures | None) -> list[str]:
    """What differs, in words; nothing where all is the same."""
    if left is None or right is None:
        return [f"{compared.first if left is None else compared.second} has none"]
    return [
        f"{name} {left[name]} in {compared.first}, {right[name]} in {compared.second}"
        for name in compared.figures
        if left[name] != right[name]
    ]


def _awaited(compared: Compared, one: UUID, point: Point) -> SetAside | None:
    """What the second service has of a thing, and waits with for the register; None where it differs for more."""
    letters = (letter for letter in point.for_the_register if letter.service == compared.second)
    return next((letter for letter in letters if letter.subject == str(one)), None)


def _told(compared: Compared, one: UUID, differing: Sequence[str]) -> str:
    return f"{compared}: {one}: {'; '.join(differing)}"
