"""What every channel does: put a message into its form, hand it over, and tell what came of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from notifications.domain.facts import Clinic, Facts
from notifications.domain.message import Message
from notifications.domain.notice import Priority
from notifications.domain.settings import Channel as ChannelName


class Outcome(StrEnum):
    """What came of handing a message over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The provider will never take it."""
    NOT_TAKEN = "not_taken"
    """It certainly did not take it, and may later."""
    UNKNOWN = "unknown"
    """It may have taken it: nobody can tell (`NOT-3`)."""


@dataclass(frozen=True)
class Answer:
    """The provider's answer, with recipients masked in its text."""

    outcome: Outcome
    text: str
    status: str | None = None
    """The enhanced status (RFC 3463) of a recipient whom the provider refused; None where it named none."""
    retry_after: timedelta | None = None
    """How long the provider wants to hear nothing more (RFC 9110, 10.2.3)."""


@dataclass(frozen=True)
class Attachment:
    """A document that goes along."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Content:
    """All that a message is made of."""

    message: Message
    facts: Facts
    clinic: Clinic
    address: str
    attachment: Attachment | None
    link: str | None


@dataclass(frozen=True)
class Composed:
    """A message in its channel's form, ready to be handed over, and what the log says of it."""

    template: str
    template_version: int
    language: str
    form: Any
    priority: Priority = Priority.DOCUMENTS
    """Whose turn it is, of what waits to be handed over (`NOT-3.5`)."""


class Channel(Protocol):
    """A way to reach somebody."""

    def compose(self, content: Content) -> Composed:
        """Put it into form; nothing is sent, nothing is waited for."""
        ...

    async def send(self, composed: Composed, clinic_id: UUID) -> Answer:
        """Hand it over in its clinic's turn; never raises for what the provider does.

        After it was perhaps taken, the answer is UNKNOWN.
        """
        ...


Channels = Mapping[ChannelName, Channel]
"""The registry: a clinic can choose what is in it."""
