"""How a handler says that it cannot handle a message.

SetAside
├── NotYet      something that must come first has not arrived: the message is tried again, its key waits
│   ├── TookTooLong   said for it: its own doing or a busy database's, so that it is tried again and nobody else waits
│   └── Unreadable    said for it: what it needs lies where the database's machine cannot read, and others' may not
└── Permanent   trying again cannot help: the message waits for a person, its key waits behind it

Faults of the database or the network are neither: the batch is tried again until they are gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aiokafka.errors import KafkaConnectionError

from chassis.database.faults import is_away, is_busy
from chassis.database.outbox import EventTooLarge
from chassis.text import first_unkept
from chassis.tls import refusal

if TYPE_CHECKING:
    from chassis.messaging.message import Message


_MEMBER = re.compile(r"[a-z0-9_.\[\]]{1,200}")
"""What members of events are called; anything else may be somebody's words."""
MANY = "it was set aside together with others, and which reason is its own was not said"


class SetAside(Exception):
    """A message that is set aside with its reason (`ALL-7`). The reason names ids, never personal data (`ALL-6`).

    A handler that knows which messages of its batch are at fault names them in `messages`: they are set aside and the
    rest is handled again at once. Otherwise the batch is halved until the one at fault is found. A batch has several
    clinics' messages: where several are named, `reasons` says by id why each is, and no more (`ALL-4`).
    """

    def __init__(self, reason: str, messages: Sequence[Message] = (), reasons: Mapping[str, str] | None = None) -> None:
        self.reason = reason
        self.messages = tuple(messages)
        self.reasons = reasons or {}
        super().__init__(reason)


class NotYet(SetAside):
    """Something that must come first has not arrived yet."""


class TookTooLong(NotYet):
    """It was cut short as it took longer than any may."""


class Unreadable(NotYet):
    """The database works, and cannot read what handling it asks for."""


class Permanent(SetAside):
    """Trying again cannot help."""


def is_transient(error: BaseException) -> bool:
    """Whether a fault is the surroundings' (connections, deadlocks, time-outs) and not the message's."""
    return is_away(error) or is_busy(error)


def reason_of_interruption(fault: BaseException) -> str:
    """Why a loop cannot go on at the moment, for logs and readiness: where TLS is why, in a sentence (`ALL-6`)."""
    said = refusal(fault) or (str(fault) if isinstance(fault, KafkaConnectionError) else None)
    return f"{type(fault).__name__}: {said}" if said else type(fault).__name__


def _own_reason(error: SetAside, message: Message) -> str:
    """A reason that is about several messages may name another clinic's patients or invoices (`ALL-4`)."""
    return error.reasons.get(message.id) or (error.reason if len(error.messages) <= 1 else MANY)


def _unread(data: bytes) -> str:
    """What keeps JSON from being read: a member with half of a character (a lone surrogate), else that it is none."""
    try:
        found = first_unkept(json.loads(data))
    except (ValueError, RecursionError):
        found = None
    if found is None:
        return "is not JSON"
    return f"{found[0] if _MEMBER.fullmatch(found[0]) else 'a member'}: {found[1]}"


def reason_of(error: BaseException, message: Message | None = None) -> str:
    """Why a message is set aside, without the values in it: an exception's text may quote personal data (`ALL-6`)."""
    if isinstance(error, SetAside):
        return _own_reason(error, message) if message else error.reason
    if isinstance(error, EventTooLarge):
        return str(error)
    problems = getattr(error, "errors", None)
    if callable(problems):
        places = [".".join(str(part) for part in p["loc"]) + ": " + p["type"] for p in problems()]
        if message and places == [": json_invalid"]:
            places = [_unread(message.data)]
        return f"{type(error).__name__}: {'; '.join(places[:10])}"
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f" in {frame.tb_frame.f_code.co_qualname}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{where}"
