"""A thing to announce where what it says does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

CLINIC = UUID(int=7)


@dataclass
class Word:
    """Its data is the bare word."""

    topic: str
    partition_key: str
    word: str
    event_type: str = "word"
    clinic_id: UUID = CLINIC

    @property
    def occurred_at(self) -> datetime:
        """Now."""
        return datetime.now(UTC)

    def model_dump_json(self) -> str:
        """The word."""
        return self.word
