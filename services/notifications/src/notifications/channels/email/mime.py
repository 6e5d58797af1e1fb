"""A letter as an Internet message (RFC 5322, MIME): text and HTML, the PDF attached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from notifications.channels.channel import Attachment
from notifications.channels.email.formats import one_line
from notifications.channels.email.layout import as_html, as_text
from notifications.channels.email.letter import Letter
from notifications.channels.email.mail_events import HEADER
from notifications.domain.addresses import wire_address

NAME_MAX, SUBJECT_MAX = 100, 250
"""Characters of a name and of a subject that are written: more, no mail program shows."""
_LINE_MAX = 75
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '-]{0,59}")
"""Atoms (RFC 5322) and spaces, as they are; nothing in them is a sign to any program."""
_NOT_IN_A_FILENAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Envelope:
    """Who sends to whom: the names and addresses in the headers, and `bounce_to` for the SMTP dialogue."""

    from_name: str
    from_address: str
    reply_to: str | None
    to_name: str
    to_address: str
    bounce_to: str
    unsubscribe: str | None = None
    """Where one click ends such messages."""
    to_provider: str | None = None
    """What the provider that takes it is told of it, to say later what became of it."""


@dataclass(frozen=True)
class Mail:
    """What goes over the wire."""

    sender: str
    recipient: str
    data: bytes
    is_internationalized: bool = False
    """Whether an address in it is written in other letters than ASCII: only some servers take it (RFC 6531)."""


def mail_of(message_id: UUID, letter: Letter, envelope: Envelope, attachment: Attachment | None, at: datetime) -> Mail:
    """The whole message. The Message-ID follows from our id, so that two copies, if ever, are one to a mail program."""
    mail = EmailMessage(policy=_policy(envelope))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@{_domain_of(envelope.from_address)}>"
    # No out-of-office answers to a machine (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if envelope.to_provider is not None:
        mail[HEADER] = envelope.to_provider
    mail.set_content(as_text(letter), cte="quoted-printable")
    mail.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    if attachment is not None:
        name = filename_of(attachment.filename)
        mail.add_attachment(attachment.content, maintype="application", subtype="pdf", filename=name)
    mail["Content-Language"] = letter.language
    data = _named_headers(letter, envelope) + mail.as_bytes()
    return Mail(envelope.bounce_to, wire_address(envelope.to_address), data, _is_internationalized(envelope))


def _named_headers(letter: Letter, envelope: Envelope) -> bytes:
    """The headers with somebody's name or words in them, encoded here (RFC 2047), so that nobody reads them once more.

    Python's `email` would decode what looks like an encoded word in a name, and write the line breaks in that as
    headers; and it folds a long quoted name wrongly.
    """
    headers = {"From": _mailbox(envelope.from_name, envelope.from_address)}
    headers["To"] = _mailbox(envelope.to_name, envelope.to_address)
    if envelope.reply_to:
        headers["Reply-To"] = _mailbox(envelope.from_name, envelope.reply_to)
    headers["Subject"] = _encoded(letter.subject, SUBJECT_MAX)
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()


def _mailbox(name: str, address: str) -> str:
    shown, wire = _encoded(name, NAME_MAX), wire_address(address)
    return f"{shown}\r\n <{wire}>" if shown else wire


def _encoded(text: str, length: int) -> str:
    """Text as it stands in a header: plain where that is safe in every place, else as encoded words, folded."""
    short = one_line(text)[:length].strip()
    if _PLAIN.fullmatch(short):
        return short
    return Header(short, "utf-8", maxlinelen=_LINE_MAX, header_name="Reply-To").encode(linesep="\r\n")


def filename_of(number: str) -> str:
    """A file name of a document's number: `R/2026/7` becomes `R-2026-7.pdf`."""
    return (_NOT_IN_A_FILENAME.sub("-", number).strip(".-") or "document") + ".pdf"


def _policy(envelope: Envelope) -> EmailPolicy[Any]:
    """Seven bits suffice, unless an address itself is written in other letters (RFC 6531)."""
    return SMTP.clone(utf8=True) if _is_internationalized(envelope) else SMTP


def _is_internationalized(envelope: Envelope) -> bool:
    addresses = (envelope.from_address, envelope.to_address, envelope.reply_to, envelope.bounce_to)
    return not all(wire_address(address).isascii() for address in addresses if address)


def _domain_of(address: str) -> str:
    return wire_address(address).rpartition("@")[2]
