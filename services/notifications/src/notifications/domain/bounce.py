"""Bounces: mail that was taken and came back, and what the status says of the address (`NOT-8.2`, `NOT-8.4`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_HARD: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""Statuses (RFC 3463, RFC 7505) that say of an address that nobody ever gets mail there: no such mailbox or domain, one
that has moved, takes no mail, or was disabled."""

_HARD_CODES: Final = frozenset({"30005", "30006"})
"""Codes of Twilio's API that say so of a number: nobody has it, or it is of a line that gets no text messages."""


@dataclass(frozen=True)
class Bounce:
    """A message that will not arrive, and why: an enhanced status, or the code of a provider of text messages."""

    message_id: UUID
    status: str


def status_in(text: str) -> str | None:
    """The first enhanced status (`5.1.1`, RFC 3463) in a server's words; None where it names none."""
    found = _STATUS.search(text)
    return found[1] if found else None


def is_hard(status: str) -> bool:
    """Whether the address itself is at fault, for good.

    A full mailbox (5.2.2), a policy (5.7.1) or whatever is about sender, network or content says nothing of the
    address; nor does what was refused for good without an enhanced status, as a blocked sender is told the same.
    """
    return status in _HARD or status in _HARD_CODES
