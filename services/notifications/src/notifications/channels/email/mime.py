"""A letter as an Internet message (RFC 5322, MIME): text and HTML, the PDF attached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from notifications.channels.channel import Attachment
from notifications.channels.email.formats import one_line
from notifications.channels.email.layout import as_html, as_text
from notifications.channels.email.letter import Letter

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


@dataclass(frozen=True)
class Mail:
    """What goes over the wire."""

    sender: str
    recipient: str
    data: bytes


def mail_of(message_id: UUID, letter: Letter, envelope: Envelope, attachment: Attachment | None, at: datetime) -> Mail:
    """The whole message. The Message-ID follows from our id, so that two copies, if ever, are one to a mail program."""
    mail = EmailMessage(policy=_policy(envelope))
    mail["From"] = _address(envelope.from_name, envelope.from_address)
    mail["To"] = _address(envelope.to_name, envelope.to_address)
    if envelope.reply_to:
        mail["Reply-To"] = _address(envelope.from_name, envelope.reply_to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@{_domain_of(envelope.from_address)}>"
    # No out-of-office answers to a machine (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(letter), cte="quoted-printable")
    mail.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    if attachment is not None:
        name = filename_of(attachment.filename)
        mail.add_attachment(attachment.content, maintype="application", subtype="pdf", filename=name)
    mail["Content-Language"] = letter.language
    return Mail(envelope.bounce_to, _wire_address(envelope.to_address), mail.as_bytes())


def filename_of(number: str) -> str:
    """A file name of a document's number: `R/2026/7` becomes `R-2026-7.pdf`."""
    return (_NOT_IN_A_FILENAME.sub("-", number).strip(".-") or "document") + ".pdf"


def _policy(envelope: Envelope) -> EmailPolicy[Any]:
    """Seven bits suffice, unless an address itself is written in other letters (RFC 6531)."""
    addresses = (envelope.from_address, envelope.to_address, envelope.reply_to or "")
    return SMTP if all(_local_of(address).isascii() for address in addresses) else SMTP.clone(utf8=True)


def _address(name: str, address: str) -> Address:
    return Address(display_name=one_line(name), addr_spec=_wire_address(address))


def _wire_address(address: str) -> str:
    """The address with its domain as DNS has it."""
    local, _, domain = one_line(address).rpartition("@")
    return f"{local}@{_idna(domain)}"


def _idna(domain: str) -> str:
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def _local_of(address: str) -> str:
    return address.rpartition("@")[0]


def _domain_of(address: str) -> str:
    return _idna(address.rpartition("@")[2])
