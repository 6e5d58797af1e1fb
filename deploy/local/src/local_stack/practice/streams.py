"""Where the streams between the services are, and waiting for a point that all have passed (`ALL-8`).

Services agree through events, so two of them may be compared only at a common point: what one had announced when it was
looked at, the other has consumed. What was announced is numbered in each service's outbox; what is with the broker and
what was consumed is said by Kafka, in offsets.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from chassis.broker import Broker
from chassis.messaging.kafka import started
from contracts.participants import ANNOUNCES, LISTENS, PARTITIONS, SERVICES

from local_stack.practice.api import Api
from local_stack.practice.problems import StackUnreachable, Stuck

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.01
LETTERS_PATIENCE_SECONDS, LETTERS_PAUSE_SECONDS = 90.0, 0.5
"""What waits for its turn is tried again once a minute at the latest."""

AWAITED = "patient {} is not known yet"
"""As receipts and notifications say of a message that waits for the register."""

TOPICS: dict[str, frozenset[str]] = {
    service: frozenset(event.topic for event in events) for service, events in LISTENS.items()
}
"""What each service's consumer group reads."""


@dataclass(frozen=True)
class SetAside:
    """A message of the clinic that a service could not handle (yet)."""

    service: str
    state: str
    type: str
    subject: str
    reason: str
    id: int
    key: str = ""

    def __str__(self) -> str:
        """In a line, for an operator."""
        return f"{self.service} has {self.type} of {self.subject} set aside ({self.state}, {self.id}): {self.reason}"


@dataclass
class Point:
    """How far each service's outbox was, and what of the clinic's messages was set aside."""

    newest: dict[str, int] = field(default_factory=dict)
    unpublished_from: dict[str, int | None] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)

    @property
    def for_the_register(self) -> list[SetAside]:
        """What waits its hour for the register to tell of its patient, and what waits behind that (`ALL-11`).

        It is handled after the hour at the latest; waiting here for it would be in vain.
        """
        waiting = [one for one in self.set_aside if one.state == "waiting"]
        awaited = {(one.service, one.key) for one in waiting if one.reason == AWAITED.format(one.key)}
        return [one for one in waiting if (one.service, one.key) in awaited]

    @property
    def waiting(self) -> list[SetAside]:
        """What else waits for its turn."""
        awaited = self.for_the_register
        return [one for one in self.set_aside if one.state == "waiting" and one not in awaited]


class Streams:
    """The positions of these services in their streams; all four, if none are named.

    What `silent` services announce is not waited for: that a receipt was printed changes no figure.
    """

    def __init__(
        self, api: Api, bootstrap: str, services: Iterable[str] = SERVICES, silent: Iterable[str] = ()
    ) -> None:
        self._api = api
        self._broker = api.addresses.broker or Broker(bootstrap)
        self._services = tuple(services)
        self._silent = frozenset(silent)
        read = frozenset[str]().union(*(TOPICS[one] for one in self._services))
        self._partitions = [
            TopicPartition(topic, partition)
            for topic in sorted(read)
            if ANNOUNCES[topic] not in self._silent
            for partition in range(PARTITIONS)
        ]

    async def __aenter__(self) -> Self:
        """Connect. Raises StackUnreachable."""
        self._offsets = AIOKafkaConsumer(enable_auto_commit=False, **self._broker.options())
        self._groups = AIOKafkaAdminClient(**self._broker.options())
        try:
            await started(self._offsets, self._broker)
            await self._groups.start()
        except (KafkaError, OSError) as error:
            await self.__aexit__()
            raise StackUnreachable(f"Kafka does not answer at {self._broker.bootstrap}: {error}") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._offsets.stop()
        await self._groups.close()

    async def read(self, clinic_id: UUID) -> Point:
        """How far the services are now."""
        point = Point()
        answers = await asyncio.gather(*(self._api.get(one, clinic_id, "/v1/position") for one in self._services))
        for service, answer in zip(self._services, answers, strict=True):
            said: Mapping[str, Any] = answer.body
            if service not in self._silent:
                point.newest[service] = said["newest"]
                point.unpublished_from[service] = said["oldest_unpublished"]
            point.set_aside += [
                SetAside(service, one["state"], one["type"], one["subject"], one["reason"], one["id"], one["key"])
                for one in said["set_aside"]
            ]
        return point

    async def passed(self, clinic_id: UUID, patience_seconds: float = PATIENCE_SECONDS) -> Point:
        """Wait until every service has consumed all that any had announced when this began; the point of the beginning.

        What was set aside counts as consumed: it is in the point, as a reason. Raises Stuck, naming who is behind.
        """
        began, deadline = await self.read(clinic_id), time.monotonic() + patience_seconds
        now = began
        while behind := self._unpublished(began, now):
            await _pause(deadline, behind)
            now = await self.read(clinic_id)
        ends: dict[TopicPartition, int] = await self._offsets.end_offsets(self._partitions)
        patience = _Patience(patience_seconds)
        while late := await self._unconsumed(ends):
            await patience.pause(sum(one.messages for one in late), "; ".join(map(str, late)))
        return began

    async def worked_off(self, clinic_id: UUID, patience_seconds: float = LETTERS_PATIENCE_SECONDS) -> Point:
        """How far the services are once nothing waits for its turn any more, or what waits gets on no further.

        What waits for the register is not waited for.
        """
        patience = _Patience(patience_seconds)
        while True:
            point = await self.read(clinic_id)
            waiting = point.waiting
            try:
                if waiting:
                    await patience.pause(len(waiting), "", LETTERS_PAUSE_SECONDS)
            except Stuck:
                return point
            if not waiting:
                return point

    async def quiet(self, clinic_id: UUID, patience_seconds: float = PATIENCE_SECONDS) -> Point:
        """Wait until nothing is under way: all was consumed, caused nothing further, and nothing waits for its turn.

        Raises Stuck, naming who is behind or what waits.
        """
        deadline = time.monotonic() + patience_seconds
        while True:
            before = await self.passed(clinic_id, max(0.0, deadline - time.monotonic()))
            after = await self.read(clinic_id)
            waiting = [one for one in after.set_aside if one.state == "waiting"]
            if after.newest == before.newest and not waiting:
                return after
            await _pause(deadline, "; ".join(map(str, waiting)) or "the services announce without end")

    def _unpublished(self, began: Point, now: Point) -> str:
        late = [
            service
            for service, first in now.unpublished_from.items()
            if first is not None and first <= began.newest[service]
        ]
        return f"the relay of {', '.join(late)} has not published all" if late else ""

    async def _unconsumed(self, ends: Mapping[TopicPartition, int]) -> list[_Behind]:
        found = await asyncio.gather(*(self._groups.list_consumer_group_offsets(one) for one in self._services))
        return [
            _Behind(service, end - _offset(committed, place), place.topic)
            for service, committed in zip(self._services, found, strict=True)
            for place, end in ends.items()
            if place.topic in TOPICS[service] and _offset(committed, place) < end
        ]


@dataclass(frozen=True)
class _Behind:
    """A service that has messages of one partition before it."""

    service: str
    messages: int
    topic: str

    def __str__(self) -> str:
        return f"{self.service} has {self.messages} messages of {self.topic} before it"


class _Patience:
    """Waits as long as something gets less: a backlog may be of any length, and only one that stands still is stuck."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._least: int | None = None

    async def pause(self, left: int, reason: str, seconds: float = PAUSE_SECONDS) -> None:
        """Wait a moment. Raises Stuck where nothing got less for too long."""
        if self._least is None or left < self._least:
            self._least, self._deadline = left, time.monotonic() + self._seconds
        await _pause(self._deadline, reason, seconds)


def _offset(committed: Mapping[TopicPartition, Any], place: TopicPartition) -> int:
    known = committed.get(place)
    return 0 if known is None else max(0, known.offset)


async def _pause(deadline: float, reason: str, seconds: float = PAUSE_SECONDS) -> None:
    if time.monotonic() > deadline:
        raise Stuck(f"no common point of the streams: {reason}")
    await asyncio.sleep(seconds)
