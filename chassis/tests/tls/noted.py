"""A service to be run as a process of its own: it notes each word that it hears, and announces that it did."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from chassis.cli import run
from chassis.database import Work
from chassis.identifiers import new_id
from chassis.messaging import Message, Subscription
from chassis.service import Service
from sqlalchemy import text

HEARD, TOLD = "test.heard.v1", "test.told.v1"


@dataclass
class Noted:
    """That a word was noted; its data is the word."""

    event_type: ClassVar[str] = "noted"
    topic: ClassVar[str] = TOLD

    clinic_id: UUID
    partition_key: str
    occurred_at: datetime
    word: str

    def model_dump_json(self) -> str:
        return self.word


async def note(work: Work, messages: Sequence[Message]) -> None:
    for message in messages:
        word = message.data.decode()
        await work.connection.execute(
            text("INSERT INTO words (clinic_id, word) VALUES (:clinic, :word)"),
            {"clinic": message.clinic_id, "word": word},
        )
        work.announce(Noted(message.clinic_id, message.key, work.now, word), subject=new_id(), sequence=1)


service = Service(
    name="noted",
    migrations=Path(__file__).with_name("noted_migrations"),
    subscriptions=[Subscription(HEARD, {"word": note})],
)

if __name__ == "__main__":
    sys.exit(run(service))
