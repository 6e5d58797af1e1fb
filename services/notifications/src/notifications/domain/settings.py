"""A clinic's notification settings: what is told, how, when, in whose name and in which words (`NOT-1`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from notifications.domain.addresses import is_mailable
from notifications.domain.errors import (
    ChannelMissing,
    DocumentLinkMissing,
    DocumentsBySms,
    SenderUnmailable,
    UnknownPlaceholder,
)
from notifications.domain.notice import Notice
from notifications.domain.quiet_hours import QuietHours

PLACEHOLDERS: Final = ("clinic", "name", "number", "amount", "date")
"""What a text may name: the clinic, the patient's name, the document's number, the amount, the day."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Channel(StrEnum):
    """A way to reach somebody."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


class DocumentDelivery(StrEnum):
    """How documents reach the patient (`NOT-5`)."""

    ATTACHED = "attached"
    LINKED = "linked"


@dataclass(frozen=True)
class OwnText:
    """A clinic's own words in one language, in place of the system's."""

    subject: str
    body: str

    def check(self, where: str) -> None:
        """Raise UnknownPlaceholder for a name in braces that cannot be filled in."""
        for part in ("subject", "body"):
            for name in _PLACEHOLDER.findall(getattr(self, part)):
                if name not in PLACEHOLDERS:
                    raise UnknownPlaceholder(f"{where}.{part}", name, PLACEHOLDERS)


@dataclass(frozen=True)
class NoticeSettings:
    """What a clinic decided about one notice."""

    enabled: bool = True
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    offset_days: int = 0
    texts: Mapping[str, OwnText] = field(default_factory=dict)


@dataclass(frozen=True)
class Sender:
    """In whose name messages go out; what is not set is the clinic's, else the system's."""

    name: str | None = None
    address: str | None = None
    reply_to: str | None = None

    def check(self) -> None:
        """Raise SenderUnmailable for an address that no message can carry."""
        for part in ("address", "reply_to"):
            if (address := getattr(self, part)) is not None and not is_mailable(address):
                raise SenderUnmailable(f"sender.{part}")


@dataclass(frozen=True)
class Settings:
    """All of a clinic's notification settings; version 0 are the defaults that nobody has changed."""

    version: int = 0
    sender: Sender = field(default_factory=Sender)
    documents: DocumentDelivery = DocumentDelivery.ATTACHED
    document_link: str | None = None
    quiet_hours: QuietHours | None = None
    ask_estimated_share: bool = False
    """Whether a reminder leaves out what insurers are estimated to take, until they decide; then it always does."""
    notices: Mapping[Notice, NoticeSettings] = field(default_factory=dict)

    def of(self, notice: Notice) -> NoticeSettings:
        """What was decided about a notice, or its default."""
        return self.notices.get(notice) or NoticeSettings(enabled=notice.on_by_default)

    def check(self, channels: Collection[Channel] = (Channel.EMAIL,)) -> None:
        """Raise the first thing that does not fit together; `channels` are those that the process has a provider of."""
        link = self.document_link
        if self.documents is DocumentDelivery.LINKED and (link is None or "{id}" not in link):
            raise DocumentLinkMissing
        self.sender.check()
        for notice, settings in self.notices.items():
            for channel in settings.channels:
                if channel not in channels:
                    raise ChannelMissing(notice, channel)
                if channel is Channel.SMS and notice.carries_document and self.documents is not DocumentDelivery.LINKED:
                    raise DocumentsBySms(notice)
            for language, text in settings.texts.items():
                text.check(f"notices.{notice}.texts.{language}")
