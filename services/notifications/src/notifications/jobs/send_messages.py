"""Sending what is due: leased, looked at a last time, reserved, handed over, some messages at once (`NOT-3`)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import structlog
from chassis.clock import Clock
from chassis.database import Database, Work
from chassis.database.faults import SESSION_FAULTS
from chassis.messaging.batching import Batcher
from chassis.messaging.errors import reason_of
from chassis.messaging.halving import in_halves
from chassis.messaging.jobs import count_failed
from chassis.messaging.leased_queue import Leased, LeasedQueue
from chassis.telemetry import extracted, meter, span

from notifications.channels.channel import Answer, Channels, Outcome
from notifications.documents.receipts import DocumentMissing, ReceiptsService
from notifications.domain.amount_due import asked_for
from notifications.domain.message import DueMessage, Message
from notifications.domain.notice import Priority
from notifications.domain.payment_details import PaymentDetails
from notifications.domain.pre_send_check import SendCheck
from notifications.domain.settings import Channel
from notifications.persistence import messages, provider_paces
from notifications.persistence.messages import BELL
from notifications.use_cases.check_due_messages import check_due_messages
from notifications.use_cases.record_outcome import RecordHindrance, RecordOutcome, record_hindrances, record_outcome
from notifications.use_cases.reserve_message import Reserved, ReserveMessage, reserve_message
from notifications.use_cases.take_turn import come_again, longest_wait, take_turn

ACTOR: Final = "notifications:sending"
NAME: Final = "send_messages"
LEASE: Final = timedelta(seconds=20)
"""How long what a worker that has died took waits for another one: longer than fetching a document takes. A message
that is looked at twice nevertheless is reserved by one (`NOT-3`)."""
AT_ONCE: Final = 32


class Lane(NamedTuple):
    """Messages of some priorities: how many a worker has in work `at_once`, and of one clinic at most (`share`)."""

    priorities: tuple[Priority, ...]
    at_once: int
    share: int


URGENT: Final = Lane((Priority.URGENT,), at_once=24, share=8)
OTHERS: Final = Lane((Priority.DOCUMENTS, Priority.REMINDERS), at_once=24, share=16)
LANES: Final = (URGENT, OTHERS)
"""Whatever holds up the one, the other has places left (`NOT-3.5`); whatever holds up one clinic's, others have their
turn: it never has all places of a lane, nor both lanes' all of a worker's (`ALL-4`)."""
HAND_OVER_SECONDS: Final = 45.0
"""Shorter than a claim lasts: whoever still waits for an answer then calls it unknown."""
HELD_MAX: Final = timedelta(minutes=1)
"""How long at most nothing goes to a provider that asked for that; the message itself waits as long as it asked."""
RECORD_DELAYS_SECONDS: Final = (0.1, 0.5, 2.0, 5.0, 10.0)


log = structlog.get_logger(__name__)
_outcomes = meter.create_counter("notifications.messages", description="Messages handed over, by what came of it")
_delays = meter.create_histogram("notifications.delay", unit="s", description="From planned to accepted")


class Sending(LeasedQueue[SendCheck]):
    """A worker's loop that sends what is due. Several do it at once, as the claims keep each message one's own."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Channels,
        documents: ReceiptsService,
        jitter: Callable[[], float] = random.random,
        rates: Mapping[Channel, float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(database, bell=BELL, name=NAME, at_once=AT_ONCE)
        self.clock = clock
        self.channels = channels
        self.documents = documents
        self.jitter = jitter
        self.rates = rates or {}
        """Messages a second that the provider of a channel takes, of all workers together; none for others."""
        self.sleep = sleep
        self.hindered = Batcher(self._record_hindrances, most=AT_ONCE, name="put off")

    def identity(self, check: SendCheck) -> str:
        """The message."""
        return str(check.message.id)

    async def lease(self, free: int) -> Leased[SendCheck]:
        """Take what is due, as far as there is room, and check it: of some there is nothing to be sent any more.

        One that cannot be checked is left to its lease, and holds up no other (`ALL-4`).
        """
        if not free:
            return Leased(0, [])
        async with self.database.transaction([], ACTOR) as work:
            due = await self._lease(work, free)
        if not due:
            return Leased(0, [])
        checks: list[SendCheck] = []

        async def check(some: Sequence[DueMessage]) -> None:
            async with self.database.transaction({message.clinic_id for message in some}, ACTOR) as work:
                checks.extend(await check_due_messages(work, [message.message_id for message in some]))

        await in_halves(due, check, _not_checked)
        return Leased(len(due), checks)

    async def _lease(self, work: Work, free: int) -> list[DueMessage]:
        """Lane by lane, as far as each has room."""
        due: list[DueMessage] = []
        for lane in LANES:
            in_lane = self._by_clinic(lane)
            room = min(free - len(due), lane.at_once - in_lane.total())
            if room > 0:
                limits: dict[str, Any] = {"priorities": lane.priorities, "in_work": in_lane, "share": lane.share}
                due += await messages.lease_due(work, work.now + LEASE, room, **limits)
        return due

    def _by_clinic(self, lane: Lane) -> Counter[UUID]:
        checked = [check.message for check in self.in_work.values()]
        return Counter(message.clinic_id for message in checked if message.priority in lane.priorities)

    async def work(self, check: SendCheck) -> None:
        """Deliver one. Cut short, it stays leased: it is due again, or its claim becomes unknown."""
        message = check.message
        parent = extracted(message.traceparent, message.tracestate) if message.traceparent else None
        attributes = {"notification.id": str(message.id), "notification.notice": message.notice.value}
        with span(f"deliver {message.channel}", parent=parent, attributes=attributes):
            try:
                fetched = await self._document(check), await self._payment_details(check)
                reserved = await self._reserve(check, *fetched) if await self._is_its_turn(message) else None
            except DocumentMissing as missing:
                await self._hindered(check, str(missing), missing.retry_after_seconds)
            except (ValueError, LookupError) as unusable:
                # The error's own text may quote a name or an address (ALL-6).
                await self._hindered(check, f"cannot be composed: {reason_of(unusable)}", None)
            else:
                if reserved is not None:
                    await self._hand_over(reserved)

    async def _document(self, check: SendCheck) -> bytes | None:
        subject = check.message.subject
        if not check.wants_attachment or subject.document is None or subject.document_id is None:
            return None
        is_copy = check.message.copy_of is not None
        return await self.documents.fetch(check.message.clinic_id, subject.document, subject.document_id, copy=is_copy)

    async def _payment_details(self, check: SendCheck) -> PaymentDetails | None:
        """How the clinic is paid, for what asks for money (`NOT-11`)."""
        if not asked_for(check.message, check.facts):
            return None
        return await self.documents.payment_details(check.message.clinic_id)

    async def _is_its_turn(self, message: Message) -> bool:
        """Wait for a turn at the provider, in the message's place; without one near enough it is due again (`NOT-3.6`).

        Places are few and shared by clinics in turn, so that turns are, too.
        """
        rate = self.rates.get(message.channel)
        if rate is None:
            return True
        async with self.database.transaction([message.clinic_id], ACTOR) as work:
            turn = await take_turn(work, message, timedelta(seconds=1 / rate))
        if turn is not None:
            await self.sleep(max(0.0, (turn - self.clock.now()).total_seconds()))
            return True
        await self.sleep(longest_wait(message).total_seconds())
        async with self.database.transaction([message.clinic_id], ACTOR) as work:
            await come_again(work, message)
        return False

    async def _reserve(self, check: SendCheck, pdf: bytes | None, payment: PaymentDetails | None) -> Reserved | None:
        async with self.database.transaction([check.message.clinic_id], ACTOR) as work:
            return await reserve_message(work, ReserveMessage(check.message.id, pdf, payment), self.channels)

    async def _hindered(self, check: SendCheck, reason: str, retry_after_seconds: float | None) -> None:
        """All that wait for documents of one inquiry are put off at once: thousands may wait for theirs."""
        ready_in = timedelta(seconds=retry_after_seconds) if retry_after_seconds else None
        await self.hindered.add(None, RecordHindrance(check.message, reason, self.jitter(), ready_in))

    async def _record_hindrances(self, _: None, commands: Sequence[RecordHindrance]) -> None:
        async def record(some: Sequence[RecordHindrance]) -> None:
            async with self.database.transaction({one.message.clinic_id for one in some}, ACTOR) as work:
                await record_hindrances(work, some)

        await in_halves(commands, record, _not_put_off)

    async def _hand_over(self, reserved: Reserved) -> None:
        message = reserved.message
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                answer = await self.channels[message.channel].send(reserved.composed, message.clinic_id)
        except TimeoutError:
            answer = Answer(Outcome.UNKNOWN, f"no answer within {HAND_OVER_SECONDS:.0f} s")
        _outcomes.add(1, {"channel": message.channel.value, "outcome": answer.outcome.value})
        if answer.outcome is Outcome.ACCEPTED:
            _delays.record((self.clock.now() - message.planned_at).total_seconds())
        await self._record(RecordOutcome(message, answer, self.jitter()))
        if answer.retry_after is not None and message.channel in self.rates:
            async with self.database.transaction([message.clinic_id], ACTOR) as work:
                await provider_paces.hold(work, message.channel.value, work.now + min(answer.retry_after, HELD_MAX))

    async def _record(self, command: RecordOutcome) -> None:
        """Store what is known, through a database that may be away for a moment: else it would become unknown."""
        for delay in RECORD_DELAYS_SECONDS:
            try:
                return await self._record_once(command)
            except SESSION_FAULTS as fault:
                log.warning("outcome_not_stored_yet", message_id=str(command.message.id), error=reason_of(fault))
                await asyncio.sleep(delay)
        return await self._record_once(command)

    async def _record_once(self, command: RecordOutcome) -> None:
        async with self.database.transaction([command.message.clinic_id], ACTOR) as work:
            await record_outcome(work, command)


def _not_put_off(command: RecordHindrance, reason: str) -> None:
    """It is due again when its lease ends."""
    log.error("message_not_put_off", message_id=str(command.message.id), error=reason)
    count_failed(NAME)


def _not_checked(due: DueMessage, reason: str) -> None:
    log.error("message_not_checked", message_id=str(due.message_id), clinic_id=str(due.clinic_id), error=reason)
    count_failed(NAME)
