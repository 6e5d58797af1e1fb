"""The folder of caught mails: one `.eml` file each, numbered as they came, the oldest dropped beyond a limit."""

from __future__ import annotations

import email
import email.policy
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

MAILS_MAX = 20_000
"""How many are kept; at some 60 kB with a receipt attached, about 1.2 GB."""


@dataclass(frozen=True)
class Attachment:
    """One attached file."""

    name: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True)
class Mail:
    """What a listing shows of a mail."""

    id: int
    sender: str
    to: list[str]
    subject: str
    date: str
    message_id: str
    attachments: list[Attachment]

    def shown(self) -> dict[str, object]:
        """As JSON has it."""
        members = asdict(self)
        members["from"] = members.pop("sender")
        return members


class Mailbox:
    """Caught mails. The SMTP side keeps them, the HTTP side lists them; one process does both."""

    def __init__(self, folder: Path, mails_max: int = MAILS_MAX) -> None:
        self.folder = folder
        self._mails_max = mails_max
        folder.mkdir(parents=True, exist_ok=True)
        self.numbers = sorted(int(file.stem) for file in folder.glob("*.eml"))
        self._last = self.numbers[-1] if self.numbers else 0

    def keep(self, content: bytes, recipients: list[str]) -> int:
        """Store a mail; its number. The envelope's recipients are noted, for a header need not name them."""
        self._last += 1
        file = self.file(self._last)
        unfinished = file.with_suffix(".unfinished")
        noted = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in recipients)
        unfinished.write_bytes(noted.encode() + content)
        os.rename(unfinished, file)  # noqa: PTH104 - a reader sees a whole mail or none
        self.numbers.append(self._last)
        if len(self.numbers) > self._mails_max:
            self.file(self.numbers.pop(0)).unlink(missing_ok=True)
        return self._last

    def file(self, number: int) -> Path:
        """Where a mail is."""
        return self.folder / f"{number:08}.eml"

    def message(self, number: int) -> EmailMessage:
        """A whole mail. Raises FileNotFoundError."""
        with self.file(number).open("rb") as file:
            return email.message_from_binary_file(file, policy=email.policy.default)

    def newest_first(self, *, before: int | None = None, to: str | None = None) -> Iterator[Mail]:
        """The mails, from the last one or from before a number; only those to `to`, if given."""
        for number in reversed(self.numbers):
            if before is None or number < before:
                mail = summary(self.file(number), number)
                if to is None or to in mail.to:
                    yield mail


@lru_cache(maxsize=MAILS_MAX)
def summary(file: Path, number: int) -> Mail:
    """What a listing shows of the mail in `file`."""
    with file.open("rb") as opened:
        message = email.message_from_binary_file(opened, policy=email.policy.default)
    return Mail(
        id=number,
        sender=str(message.get("From", "")),
        to=[str(recipient) for recipient in message.get_all("X-Envelope-To", [])],
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        message_id=str(message.get("Message-ID", "")),
        attachments=[
            Attachment(part.get_filename() or "", part.get_content_type(), len(part.get_payload(decode=True) or b""))
            for part in message.iter_attachments()
        ],
    )
