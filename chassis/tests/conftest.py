"""A sample service: it writes down each word that a message brings, and fails where a test wants it to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from chassis.database import Work
from chassis.identifiers import new_id
from chassis.messaging import Message, Subscription
from chassis.service import Service
from chassis.testing.harness import ServiceHarness, service_fixture
from sqlalchemy import text

TOPIC = "sample.words.v1"
CLINIC = UUID(int=7)


class Words:
    """The handler; `faults` maps a word to what is raised when it comes, `calls` counts the batches."""

    def __init__(self) -> None:
        self.faults: dict[str, BaseException] = {}
        self.calls = 0
        self.seen: list[str] = []
        """Each word as often as it came, handled or not."""

    async def __call__(self, work: Work, messages: Sequence[Message]) -> None:
        self.calls += 1
        self.seen += [message.data.decode() for message in messages]
        for message in messages:
            await work.connection.execute(
                text("INSERT INTO marks (clinic_id, key, word) VALUES (:clinic, :key, :word)"),
                {"clinic": message.clinic_id, "key": message.key, "word": message.data.decode()},
            )
            if message.data.decode() in self.faults:
                raise self.faults[message.data.decode()]


def message(key: str, word: str, *, kind: str = "word", clinic_id: UUID = CLINIC) -> Message:
    """A message with a word."""
    now = datetime.now(UTC)
    return Message(str(new_id()), kind, "/test", key, clinic_id, 1, now, key, TOPIC, 0, 0, word.encode())


words_handler = Words()
sample_service = Service(
    name="sample",
    migrations=Path(__file__).with_name("sample_migrations"),
    subscriptions=[Subscription(TOPIC, {"word": words_handler, "other": words_handler})],
)
harness = service_fixture(sample_service)


class Sample:
    """The sample service as a test sees it: make messages, tell what fails, look at what was written down."""

    message = staticmethod(message)

    def __init__(self, harness: ServiceHarness, handler: Words) -> None:
        self.harness = harness
        self.faults = handler.faults
        self.handler = handler

    async def marked(self, *keys: str, clinics: Sequence[UUID] = (CLINIC,)) -> list[str]:
        """What was written down for these keys, in order."""
        query = text("SELECT word FROM marks WHERE key = ANY(:keys) ORDER BY id")
        async with self.harness.database.reading(clinics) as connection:
            return list((await connection.scalars(query, {"keys": list(keys)})).all())

    async def letters(self, *keys: str) -> list[tuple[str, str]]:
        """The state and reason of what is set aside for these keys, in order."""
        return [(row.state, row.reason) for row in await self.harness.set_aside() if row.key in keys]


@pytest.fixture
def sample(harness: ServiceHarness) -> Sample:
    """The sample service, without faults."""
    words_handler.faults.clear()
    words_handler.calls = 0
    words_handler.seen.clear()
    return Sample(harness, words_handler)
