"""Mail that comes back: an address of its own for each message, and what a report to it says (`NOT-8.2`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Final
from uuid import UUID

from notifications.channels.tokens import Tokens
from notifications.domain.bounce import Bounce, status_in

PURPOSE: Final = "bounces"
_ADDRESSED: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_TOKEN: Final = re.compile(r"\+([A-Za-z2-7]{42})@")


@dataclass(frozen=True)
class ReturnAddresses:
    """Addresses of one mailbox, one for each message: `bounces+<token>@…`.

    Who forges a bounce needs a message's token, which only its recipient got: nobody can have another's mail stopped.
    """

    mailbox: str
    tokens: Tokens

    def address_of(self, message_id: UUID) -> str:
        """Where a message comes back to."""
        local, _, domain = self.mailbox.rpartition("@")
        return f"{local}+{self.tokens.token_of(message_id.bytes)}@{domain}"

    def message_in(self, text: str) -> UUID | None:
        """The message whose address stands in a text."""
        for token in _TOKEN.findall(text):
            if (said := self.tokens.said_by(token)) is not None:
                return UUID(bytes=said)
        return None


def bounce_in(raw: bytes, returns: ReturnAddresses) -> Bounce | None:
    """What a delivery status notification (RFC 3464) says for good of one of our messages.

    None of whatever else there is: delays, answers of machines and persons, forgeries, what nobody can read.
    """
    try:
        mail = message_from_bytes(raw)
        status, message_id = _failed_status(mail), _message_of(mail, returns)
    except (ValueError, LookupError, RecursionError):
        return None
    return None if status is None or message_id is None else Bounce(message_id, status)


def _failed_status(mail: Message) -> str | None:
    """The status of the first recipient of whom delivery failed. What the server said is more exact than `5.0.0`."""
    for part in mail.walk():
        action = str(part.get("Action", "")).strip().lower()
        if action != "failed":
            continue
        status = status_in(str(part.get("Status", "")))
        said = status_in(str(part.get("Diagnostic-Code", "")))
        if status is None or (status.endswith(".0.0") and said is not None):
            return said
        return status
    return None


def _message_of(mail: Message, returns: ReturnAddresses) -> UUID | None:
    addressed = [str(value) for name in _ADDRESSED for value in mail.get_all(name, [])]
    returned = [text for part in mail.walk() if part is not mail and (text := _returned_path(part))]
    return next((found for text in (*addressed, *returned) if (found := returns.message_in(text))), None)


def _returned_path(part: Message) -> str:
    """Where what is returned came from: of a message, or of its headers alone."""
    if part.get_content_type() == "text/rfc822-headers":
        return str(part.get_payload())
    return str(part.get("Return-Path", ""))
