"""A message as it arrives: a CloudEvents 1.0 event in Kafka's binary mode, and who handles which type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from chassis.trace_context import TraceContext

if TYPE_CHECKING:
    from chassis.database.transaction import Work


Lane = tuple[UUID, str]
"""A clinic and a key: messages of one are handled in order, and wait behind one that is set aside."""


@dataclass(frozen=True, slots=True)
class Message:
    """One event: `id` is unique (the inbox's key), `data` its JSON, `key` what its order is kept by in its clinic."""

    id: str
    type: str
    source: str
    subject: str
    clinic_id: UUID
    sequence: int
    time: datetime
    key: str
    topic: str
    partition: int
    offset: int
    data: bytes = field(repr=False)
    trace: TraceContext = field(default_factory=TraceContext, repr=False)
    waited: timedelta = timedelta()
    """How long it has been set aside by now, as what it needs has not arrived: some of that is not waited for long."""

    @property
    def lane(self) -> Lane:
        """What its order is kept by: of two clinics with the same patient, neither waits for the other (`ALL-4`)."""
        return self.clinic_id, self.key


class Kept(NamedTuple):
    """A message that is set aside: `dead` or `waiting`, and why."""

    message: Message
    state: str
    reason: str


Handler = Callable[["Work", Sequence[Message]], Awaitable[None]]
"""Takes a batch of new messages of one type, of several clinics, in order within each key; works on sets."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic and the handler of each event type of it that the service listens to; other types are passed over."""

    topic: str
    handlers: Mapping[str, Handler]
    in_any_order: Collection[str] = ()
    """Types that mean the same whatever came before: they do not wait behind what is set aside of their lane."""
