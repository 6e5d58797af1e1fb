"""The way of a message in: set aside behind its lane, claimed by the inbox, handled, all in one transaction.

What one fetch brought of a topic is one transaction, however many partitions it came from: order matters within a lane
(a clinic and a key), and a key is in one partition. If it fails by a message's fault, it is halved by clinics, and of
the clinic that fails again, until the message at fault is alone and is set aside: one bad message costs only itself and
what waits in its lane.
A fault of the surroundings is raised to the caller, who tries the whole batch again.

A good message goes `take`, `handle`, `_failing`, `_handle_together`, `_handle_new`; the others are for what fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from opentelemetry import metrics
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import forgotten
from chassis.database.faults import is_cut_short, is_unreadable
from chassis.database.transaction import Database, Work
from chassis.messaging import cloudevents, dead_letters, inbox
from chassis.messaging.errors import NotYet, Permanent, SetAside, TookTooLong, Unreadable, is_transient, reason_of
from chassis.messaging.mentions import Mentions, mentions_of
from chassis.messaging.message import Handler, Kept, Lane, Message, Subscription
from chassis.messaging.tracing import processing
from chassis.messaging.waves import waves_of

HANDLING_TIMEOUT_SECONDS = 60
GIVEN_SECONDS = 10.0
"""Of these, the database has so many to begin: a machine that answers nothing is noticed later."""
UNREAD_AT_ONCE = 20
"""So many records that are no events are kept in one transaction: each may be as large as a topic takes."""
RETRY_BATCH = 50
RETRY_ROWS = (200, 20, 4)
TOO_LONG = "handling it takes longer than a message may take; it is tried again"
UNREADABLE = "the database cannot read something that handling it asks for; it is tried again"
BEHIND = "an earlier message of this key is set aside"

logger = logging.getLogger(__name__)
_meter = metrics.get_meter("chassis.messaging")
_consumed = _meter.create_counter("messaging.client.consumed.messages", unit="{message}")
_set_aside = _meter.create_counter("dental_billing.messages.set_aside", unit="{message}")
_passed_over = _meter.create_counter("dental_billing.messages.passed_over", unit="{message}")


class _Unread(NamedTuple):
    """A record that is no event of ours, as it is kept, and why it is none."""

    message: Message
    reason: str

    @property
    def lane(self) -> Lane:
        """Whose later messages wait behind it."""
        return self.message.lane


class Inbound:
    """What a service does with messages: which handler takes which type of which topic."""

    def __init__(
        self,
        consumer: str,
        database: Database,
        subscriptions: Sequence[Subscription],
        without_person: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.consumer = consumer
        self._without_person = without_person
        self._database = database
        self._handlers: dict[str, Mapping[str, Handler]] = {s.topic: s.handlers for s in subscriptions}
        self._in_any_order = {(s.topic, event_type) for s in subscriptions for event_type in s.in_any_order}
        self.began = 0.0
        """When the transaction in work, or the last one, was asked for (`time.monotonic`)."""
        self.given = 0.0
        """When the database last gave a transaction (`time.monotonic`)."""
        self.may_have_waiting = True
        """Whether messages may be waiting; spares the question to the database while none are."""

    @property
    def topics(self) -> list[str]:
        """The topics listened to."""
        return list(self._handlers)

    def place(self, topic: str) -> int:
        """The place of a topic in the declaration: what others build upon is declared, and handled, first."""
        return self.topics.index(topic)

    async def ask(self) -> None:
        """See that the database gives a transaction. Raises what is transient."""
        async with self._database.transaction([], f"consumer:{self.consumer}"):
            self.given = monotonic()

    def listens_to(self, topic: str, event_type: str | None) -> bool:
        """Whether a handler takes this type of this topic."""
        return event_type in self._handlers.get(topic, {})

    async def take(self, records: Sequence[Any]) -> int:
        """Handle Kafka records of one topic, in order; returns how many.

        Types that nobody listens to are passed over, and counted. A record that is no event of ours is set aside, after
        what came before it, whatever reading it failed of: else it would end each process that reads it. Raises only
        what is transient.
        """
        read = [one for one in map(self._read, records) if one is not None]
        first, after = self._in_turn(read, await self._decided(read))
        if first:
            await self.handle(first)
        for start in range(0, len(after), UNREAD_AT_ONCE):
            await self._put_aside(after[start : start + UNREAD_AT_ONCE])
        passed_over = len(records) - len(read)
        if passed_over:  # counted last: what is interrupted is taken again
            _passed_over.add(passed_over, {"messaging.consumer.group.name": self.consumer, "topic": records[0].topic})
        return len(read)

    async def handle(self, messages: Sequence[Message]) -> None:
        """Handle messages of one topic, in order within a clinic. Raises only what is transient."""
        for of_clinic, error in await self._failing(messages):
            await self._handle_apart(of_clinic, error)

    async def _failing(self, messages: Sequence[Message]) -> list[tuple[Sequence[Message], Exception]]:
        """Handle them together, else half of the clinics at once and so on; returns those of the clinics that fail.

        So the others' are handled before those are searched, however many of these are bad (`ALL-4`).
        """
        try:
            await self._handle_together(messages)
        except Exception as error:
            if is_transient(error):
                raise
            clinics = sorted({message.clinic_id for message in messages})
            if len(clinics) == 1 or _at_fault(error):
                return [(messages, error)]
            half = clinics[: len(clinics) // 2]
            parts = [[one for one in messages if (one.clinic_id in half) is first] for first in (True, False)]
            return [failing for part in parts for failing in await self._failing(part)]
        _consumed.add(len(messages), {"messaging.system": "kafka", "messaging.consumer.group.name": self.consumer})
        return []

    async def retry_waiting(self) -> int:
        """Try those messages again that are due; returns how many were handled. Raises only what is transient."""
        async with self._database.transaction([], f"consumer:{self.consumer}") as work:
            letters = await dead_letters.due(work.connection, self.consumer, RETRY_BATCH)
            self.may_have_waiting = bool(letters) or await dead_letters.any_waiting(work.connection, self.consumer)
        handled = 0
        for letter in letters:
            handled += await self._retry(letter.id, letter.clinic_id or cloudevents.NO_CLINIC)
        return handled

    def _read(self, record: Any) -> Message | _Unread | None:
        """The message that a record is, what it is instead and why, or None where nobody here listens to its type."""
        try:
            event_type = cloudevents.type_of(record)
            if event_type is not None and not self.listens_to(record.topic, event_type):
                return None
            return cloudevents.message_of(record)
        except cloudevents.NotACloudEvent as error:
            return _Unread(cloudevents.unreadable(record), str(error))
        except Exception as error:  # noqa: BLE001 - nothing but the record goes into it, so it is the record's fault
            return _Unread(cloudevents.unreadable(record), reason_of(error))

    async def _decided(self, read: Sequence[Message | _Unread]) -> set[str]:
        """Which of the records that are no events were decided upon before."""
        ids = [one.message.id for one in read if isinstance(one, _Unread)]
        if not ids:
            return set()
        async with self._database.transaction([], f"consumer:{self.consumer}") as work:
            return await inbox.seen(work.connection, self.consumer, ids)

    def _in_turn(self, read: Sequence[Message | _Unread], decided: Collection[str]) -> tuple[list[Message], list[Kept]]:
        """What is handled, and what is set aside after it: what is no event, and all that is behind such in its lane.

        So a lane in which every second record is none costs no more than another.
        """
        first: list[Message] = []
        after: list[Kept] = []
        blocked: set[Lane] = set()
        for message in read:
            if isinstance(message, Message) and (message.lane not in blocked or self._overtakes(message)):
                first.append(message)
            elif isinstance(message, Message):
                after.append(Kept(message, "waiting", BEHIND))
            elif message.message.id not in decided:
                blocked.add(message.lane)
                after.append(Kept(message.message, "dead", message.reason))
        return first, after

    async def _handle_together(self, messages: Sequence[Message]) -> None:
        topic = messages[0].topic
        clinics = sorted({message.clinic_id for message in messages})
        async with self._timed_transaction(clinics) as work:
            blocked = await dead_letters.blocked_lanes(work.connection, self.consumer, topic, messages)
            behind = [message for message in messages if message.lane in blocked and not self._overtakes(message)]
            await self._keep(work.connection, [Kept(message, "waiting", BEHIND) for message in behind])
            self.may_have_waiting |= bool(behind)
            waiting = {message.id for message in behind}
            await self._handle_new(work, [message for message in messages if message.id not in waiting])

    async def _handle_apart(self, messages: Sequence[Message], error: Exception) -> None:
        """Set aside the messages at fault, where they are known, else halve the batch until one is alone."""
        at_fault = _at_fault(error)
        named = [message for message in messages if message.id in at_fault]
        if len(messages) > 1 and not named:
            middle = len(messages) // 2
            parts = [messages[:middle], messages[middle:]]
        else:
            before, culprits, rest = _parted(messages, named or messages)
            if before:
                await self.handle(before)
            await self._set_aside(culprits, error)
            parts = [rest]
        for part in parts:
            if part:
                await self.handle(part)

    async def _handle_new(self, work: Work, messages: Sequence[Message]) -> None:
        new = await inbox.claim(work.connection, self.consumer, messages) if messages else []
        if not new:
            return
        with processing(self.consumer, new[0].topic, new) as traces:
            work.follow(traces)
            for wave in waves_of(new):
                await self._handler(wave[0])(work, wave)

    async def _set_aside(self, messages: Sequence[Message], error: Exception) -> None:
        state = _state_after(error)
        await self._put_aside([Kept(message, state, reason_of(error, message)) for message in messages])

    async def _put_aside(self, kept: Sequence[Kept]) -> None:
        """Keep messages in a transaction of their own, in this order, and say so."""
        named = [one for one in (_named(aside.message) for aside in kept) if not one.are_too_many]
        of_messages = {aside.message.clinic_id for aside in kept}
        clinics = sorted(of_messages.union(*(one.clinics for one in named)))
        async with self._database.transaction(clinics, f"consumer:{self.consumer}") as work:
            await self._keep(work.connection, kept)
        self.may_have_waiting = True
        for message, state, reason in kept:
            logger.log(
                logging.INFO if state == "waiting" else logging.WARNING,
                "message set aside",
                extra={"event_id": message.id, "event_type": message.type, "state": state, "reason": reason},
            )
            _set_aside.add(1, {"messaging.consumer.group.name": self.consumer, "state": state})

    async def _keep(self, connection: AsyncConnection, kept: Sequence[Kept]) -> None:
        """Set messages aside, those of whoever was forgotten with what does not name them only (`ALL-9`)."""
        if self._without_person is not None and kept:
            named = {one.message.id: _named(one.message) for one in kept}
            lanes = {lane for one in named.values() if not one.are_too_many for lane in one.lanes()}
            nameless = await forgotten.among(connection, lanes | {one.message.lane for one in kept})
            kept = [
                one._replace(message=replace(one.message, data=self._without_person(one.message.data)))
                if one.message.lane in nameless or _is_about(named[one.message.id], nameless)
                else one
                for one in kept
            ]
        await dead_letters.set_aside(connection, self.consumer, kept)

    async def _retry(self, letter_id: int, clinic_id: UUID) -> int:
        """Try a waiting message, once and alone; when it is handled, what waits right behind it.

        The attempt is counted before it is made, and its delay with it: a message of which a process dies is tried no
        more often than others.
        """
        async with self._database.transaction([clinic_id], f"consumer:{self.consumer}") as work:
            attempt = await dead_letters.begin(work.connection, letter_id)
        if attempt is None:
            return 0
        try:
            letter = await self._retry_alone(letter_id, clinic_id, attempt)
        except Exception as error:
            if is_transient(error):
                raise
            dead = _state_after(error) == "dead"
            async with self._database.transaction([clinic_id], f"consumer:{self.consumer}") as work:
                await dead_letters.delay(work.connection, letter_id, _reason_of_one(error), dead=dead)
            return 0
        return 0 if letter is None else 1 + await self._retry_behind(letter, clinic_id)

    async def _retry_alone(self, letter_id: int, clinic_id: UUID, attempt: int) -> Row[Any] | None:
        async with self._timed_transaction([clinic_id]) as work:
            letter = await dead_letters.locked(work.connection, letter_id, attempt)
            if letter is not None:
                await self._handle_letters(work, [letter])
        return letter

    async def _retry_behind(self, letter: Row[Any], clinic_id: UUID) -> int:
        """Handle many at once, where that fails fewer; if none can be, the first of them is tried when it is due."""
        for most in RETRY_ROWS:
            try:
                async with self._timed_transaction([clinic_id]) as work:
                    letters = await dead_letters.behind(work.connection, letter, most)
                    await self._handle_letters(work, letters)
                return len(letters)
            except Exception as error:
                if is_transient(error):
                    raise
        return 0

    async def _handle_letters(self, work: Work, letters: Sequence[Row[Any]]) -> None:
        await self._handle_new(work, [dead_letters.message_of(letter) for letter in letters])
        await dead_letters.handled(work.connection, [letter.id for letter in letters])

    def _overtakes(self, message: Message) -> bool:
        return (message.topic, message.type) in self._in_any_order

    def _handler(self, message: Message) -> Handler:
        if message.sequence == cloudevents.UNREADABLE:
            raise Permanent("it is no event as it stands: have it sent again, and dismiss this one")
        handler = self._handlers.get(message.topic, {}).get(message.type)
        if handler is None:
            raise Permanent(f"nothing here handles {message.type}")
        return handler

    @asynccontextmanager
    async def _timed_transaction(self, clinics: Sequence[UUID]) -> AsyncIterator[Work]:
        """A transaction that may take so long. Raises TookTooLong, also where one statement of it did; Unreadable."""
        self.began, given = monotonic(), self.given
        limit = asyncio.timeout(HANDLING_TIMEOUT_SECONDS)
        try:
            async with limit, AsyncExitStack() as begun:
                async with asyncio.timeout(GIVEN_SECONDS):
                    transaction = self._database.transaction(clinics, f"consumer:{self.consumer}")
                    work = await begun.enter_async_context(transaction)
                self.given = monotonic()
                yield work
        except Exception as error:
            if limit.expired() or is_cut_short(error):
                raise TookTooLong(TOO_LONG) from error
            if self.given > given and is_unreadable(error):
                raise Unreadable(UNREADABLE) from error
            raise


def _at_fault(error: Exception) -> set[str]:
    """The messages that a handler says it failed of."""
    return {message.id for message in error.messages} if isinstance(error, SetAside) else set()


def _named(message: Message) -> Mentions:
    """Whom it names, be it in another lane than theirs."""
    return mentions_of(message.lane, message.sequence, message.data)


def _is_about(named: Mentions, nameless: Collection[Lane]) -> bool:
    """Whether it names one of these, or more than anybody looks for."""
    return named.are_too_many or any(named.include(lane) for lane in nameless)


def _parted(
    messages: Sequence[Message], named: Sequence[Message]
) -> tuple[list[Message], list[Message], list[Message]]:
    """What precedes the first message at fault of its lane, those first ones themselves, and everything else.

    Each lane stays in order: its earlier messages are handled before, its later ones find the lane blocked.
    """
    at_fault = {message.id for message in named}
    lanes_at_fault = {message.lane for message in messages if message.id in at_fault}
    before: list[Message] = []
    culprits: dict[Lane, Message] = {}
    rest: list[Message] = []
    for message in messages:
        if message.lane in culprits or message.lane not in lanes_at_fault:
            rest.append(message)
        elif message.id in at_fault:
            culprits[message.lane] = message
        else:
            before.append(message)
    return before, list(culprits.values()), rest


def _state_after(error: Exception) -> str:
    return "waiting" if isinstance(error, NotYet) else "dead"


def _reason_of_one(error: Exception) -> str:
    """Why the only message that was tried failed: its own reason, where the handler gave one for each."""
    own = list(error.reasons.values()) if isinstance(error, SetAside) else []
    return own[0] if len(own) == 1 else reason_of(error)
