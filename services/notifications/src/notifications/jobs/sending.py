"""Sending what is due: leased, looked at a last time, claimed, handed over, some messages at once (`NOT-3`)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from chassis.clock import Clock
from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.messaging.errors import reason_of
from chassis.messaging.halving import in_halves
from chassis.messaging.leased_queue import Leased, LeasedQueue
from chassis.telemetry import extracted, meter, span

from notifications.channels.channel import Answer, Channels, Outcome
from notifications.documents.receipts import DocumentMissing, ReceiptsService
from notifications.persistence import messages
from notifications.persistence.looks import Look
from notifications.persistence.messages import BELL, Due
from notifications.use_cases.claim_message import Claimed, ClaimMessage, claim_message
from notifications.use_cases.look_at_due import look_at_due, wants_attachment
from notifications.use_cases.record_outcome import RecordHindrance, RecordOutcome, record_hindrance, record_outcome

ACTOR: Final = "notifications:sending"
LEASE: Final = timedelta(seconds=20)
"""How long what a worker that has died took waits for another one: longer than fetching a document takes. A message
that is looked at twice nevertheless is claimed by one (`NOT-3`)."""
AT_ONCE: Final = 32
SHARE: Final = 24
"""Of these, at most so many of one clinic: whatever holds them up, others have their turn (`ALL-4`)."""
HAND_OVER_SECONDS: Final = 45.0
"""Shorter than a claim lasts: whoever still waits for an answer then calls it unknown."""
RECORD_DELAYS_SECONDS: Final = (0.1, 0.5, 2.0, 5.0, 10.0)


log = structlog.get_logger(__name__)
_outcomes = meter.create_counter("notifications.messages", description="Messages handed over, by what came of it")
_delays = meter.create_histogram("notifications.delay", unit="s", description="From planned to accepted")


class Sending(LeasedQueue[Look]):
    """A worker's loop that sends what is due. Several do it at once, as the claims keep each message one's own."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Channels,
        documents: ReceiptsService,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(database, bell=BELL, name="send_due", at_once=AT_ONCE)
        self.clock = clock
        self.channels = channels
        self.documents = documents
        self.jitter = jitter

    async def lease(self, free: int) -> Leased[Look]:
        """Take what is due, as far as there is room, and look at it: of some there is nothing to be sent any more.

        One that cannot be looked at is left to its lease, and holds up no other (`ALL-4`).
        """
        if not free:
            return Leased(0, [])
        async with self.database.transaction([], ACTOR) as work:
            due = await messages.lease_due(work, work.now + LEASE, free, in_work=self._by_clinic(), share=SHARE)
        looks: list[Look] = []

        async def look(some: Sequence[Due]) -> None:
            async with self.database.transaction({one.clinic_id for one in some}, ACTOR) as work:
                looks.extend(await look_at_due(work, [one.message_id for one in some]))

        await in_halves(due, look, _not_looked_at)
        return Leased(len(due), looks)

    def _by_clinic(self) -> Counter[UUID]:
        return Counter(look.message.clinic_id for look in self.in_work.values())

    async def work(self, look: Look) -> None:
        """Deliver one. Cut short, it stays leased: it is due again, or its claim becomes unknown."""
        message = look.message
        parent = extracted(message.traceparent, message.tracestate) if message.traceparent else None
        attributes = {"notification.id": str(message.id), "notification.notice": message.notice.value}
        with span(f"deliver {message.channel}", parent=parent, attributes=attributes):
            try:
                claimed = await self._claim(look, await self._document(look))
            except DocumentMissing as missing:
                await self._hindered(look, str(missing), missing.retry_after_seconds)
            except (ValueError, LookupError) as unusable:
                # The error's own text may quote a name or an address (ALL-6).
                await self._hindered(look, f"cannot be composed: {reason_of(unusable)}", None)
            else:
                if claimed is not None:
                    await self._hand_over(claimed)

    async def _document(self, look: Look) -> bytes | None:
        subject = look.message.subject
        if not wants_attachment(look) or subject.document is None or subject.document_id is None:
            return None
        return await self.documents.fetch(look.message.clinic_id, subject.document, subject.document_id)

    async def _claim(self, look: Look, pdf: bytes | None) -> Claimed | None:
        async with self.database.transaction([look.message.clinic_id], ACTOR) as work:
            return await claim_message(work, ClaimMessage(look.message.id, pdf), self.channels)

    async def _hindered(self, look: Look, reason: str, retry_after_seconds: float | None) -> None:
        ready_in = timedelta(seconds=retry_after_seconds) if retry_after_seconds else None
        command = RecordHindrance(look.message, reason, self.jitter(), ready_in)
        async with self.database.transaction([look.message.clinic_id], ACTOR) as work:
            await record_hindrance(work, command)

    async def _hand_over(self, claimed: Claimed) -> None:
        message = claimed.message
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                answer = await self.channels[message.channel].send(claimed.composed, message.clinic_id)
        except TimeoutError:
            answer = Answer(Outcome.UNKNOWN, f"no answer within {HAND_OVER_SECONDS:.0f} s")
        _outcomes.add(1, {"channel": message.channel.value, "outcome": answer.outcome.value})
        if answer.outcome is Outcome.ACCEPTED:
            _delays.record((self.clock.now() - message.planned_at).total_seconds())
        await self._record(RecordOutcome(message, answer, self.jitter()))

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


def _not_looked_at(due: Due, reason: str) -> None:
    log.error("message_not_looked_at", message_id=str(due.message_id), clinic_id=str(due.clinic_id), error=reason)
