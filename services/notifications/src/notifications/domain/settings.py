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
    LevelsMisplaced,
    LevelsOutOfOrder,
    SenderUnmailable,
    UnknownPlaceholder,
)
from notifications.domain.notice import Notice
from notifications.domain.quiet_hours import QuietHours

PLACEHOLDERS: Final = ("clinic", "name", "number", "amount", "date")
"""What a text may name: the clinic, the patient's name, the document's number, the amount, the day."""

FIRST_AGAIN: Final = 2
"""The level of the second reminder; the first has none."""
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
            require_known(getattr(self, part), f"{where}.{part}")


def require_known(text: str, where: str) -> None:
    """Raise UnknownPlaceholder for a name in braces that cannot be filled in; `where` is the field that has it."""
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            raise UnknownPlaceholder(where, name, PLACEHOLDERS)


@dataclass(frozen=True)
class Wording:
    """A clinic's own words by language: of an email, and of a text message, which else says the email's."""

    texts: Mapping[str, OwnText] = field(default_factory=dict)
    sms_texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, channel: Channel, language: str) -> OwnText | None:
        """The words of a channel in a language; None where they are the system's."""
        if channel is Channel.SMS and language in self.sms_texts:
            return OwnText("", self.sms_texts[language])
        return self.texts.get(language)

    def check(self, where: str) -> None:
        """Raise UnknownPlaceholder for a name in braces that cannot be filled in."""
        for language, text in self.texts.items():
            text.check(f"{where}.texts.{language}")
        for language, body in self.sms_texts.items():
            require_known(body, f"{where}.sms_texts.{language}")


@dataclass(frozen=True)
class ReminderLevel(Wording):
    """A further reminder of what is still unpaid so many `days` after it fell due (`NOT-9`)."""

    days: int = field(kw_only=True)


@dataclass(frozen=True)
class NoticeSettings(Wording):
    """What a clinic decided about one notice; `levels` are the second reminder and those after it."""

    enabled: bool = True
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    offset_days: int = 0
    levels: tuple[ReminderLevel, ...] = ()

    def at_level(self, level: int | None) -> Wording | None:
        """The words of a level, None being the first; None of one that the clinic does not have."""
        return self if level is None else self.further(level)

    def further(self, level: int) -> ReminderLevel | None:
        """A level from the second on; None of one that the clinic does not have."""
        return self.levels[level - FIRST_AGAIN] if level - FIRST_AGAIN < len(self.levels) else None

    def check(self, where: str) -> None:
        """Raise UnknownPlaceholder, LevelsOutOfOrder."""
        super().check(where)
        days = [self.offset_days, *(one.days for one in self.levels)]
        for place, level in enumerate(self.levels):
            level.check(f"{where}.levels[{place}]")
            if level.days <= days[place]:
                raise LevelsOutOfOrder(f"{where}.levels[{place}].days", days[place])


@dataclass(frozen=True)
class Sender:
    """In whose name messages go out; what is not set is the clinic's, else the system's."""

    name: str | None = None
    address: str | None = None
    reply_to: str | None = None

    def check(self, present: Sender) -> None:
        """Raise SenderUnmailable for an address that no message can carry, and that is not the present one."""
        for part in ("address", "reply_to"):
            address = getattr(self, part)
            if address not in {None, getattr(present, part)} and not is_mailable(address):
                raise SenderUnmailable(f"sender.{part}")

    def answers_reach(self, clinic_email: str | None) -> bool:
        """Whether who answers a mail reaches the clinic, and not an address of the system's that nobody reads."""
        return any(address and is_mailable(address) for address in (self.address, self.reply_to, clinic_email))


@dataclass(frozen=True)
class Settings:
    """All of a clinic's notification settings; version 0 are the defaults that nobody has changed."""

    version: int = 0
    sender: Sender = field(default_factory=Sender)
    documents: DocumentDelivery = DocumentDelivery.ATTACHED
    document_link: str | None = None
    quiet_hours: QuietHours | None = None
    ask_estimated_share: bool = True
    """Whether a reminder leaves out what insurers are estimated to take, until they decide, as documents and statements
    do; from then on it always leaves out what they are to pay."""
    notices: Mapping[Notice, NoticeSettings] = field(default_factory=dict)

    def of(self, notice: Notice) -> NoticeSettings:
        """What was decided about a notice, or its default."""
        return self.notices.get(notice) or NoticeSettings(enabled=notice.on_by_default)

    def check(self, channels: Collection[Channel] = (Channel.EMAIL,), present: Settings | None = None) -> None:
        """Raise the first thing that does not fit together; `channels` are those that the process has a provider of.

        What stands at `present` already holds up no other change, though it is refused by now (`INV-11.3`).
        """
        before, link = present or Settings(), self.document_link
        if self.documents is DocumentDelivery.LINKED and (link is None or "{id}" not in link):
            raise DocumentLinkMissing
        self.sender.check(before.sender)
        for notice, settings in self.notices.items():
            if settings != before.of(notice) or self.documents is not before.documents:
                self._check_notice(notice, settings, channels)

    def _check_notice(self, notice: Notice, settings: NoticeSettings, channels: Collection[Channel]) -> None:
        for channel in settings.channels:
            if channel not in channels:
                raise ChannelMissing(notice, channel)
            if channel is Channel.SMS and notice.carries_document and self.documents is not DocumentDelivery.LINKED:
                raise DocumentsBySms(notice)
        settings.check(f"notices.{notice}")
        if settings.levels and not notice.is_repeatable:
            raise LevelsMisplaced(notice)
