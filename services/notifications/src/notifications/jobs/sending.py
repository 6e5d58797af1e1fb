"""Sending what is due: woken when something was planned, looking by itself as well, some messages at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import structlog
from chassis.clock import Clock
from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.messaging.errors import is_transient, reason_of
from chassis.telemetry import extracted, meter, span

from notifications.channels.channel import Answer, Channels, Outcome
from notifications.documents.receipts import DocumentMissing, ReceiptsService
from notifications.persistence import messages
from notifications.persistence.looks import Look
from notifications.persistence.messages import BELL
from notifications.use_cases.claim_message import Claimed, ClaimMessage, claim_message
from notifications.use_cases.look_at_due import look_at_due, wants_attachment
from notifications.use_cases.record_outcome import RecordHindrance, RecordOutcome, record_hindrance, record_outcome

ACTOR: Final = "notifications:sending"
LEASE: Final = timedelta(seconds=30)
AT_ONCE: Final = 32
POLL_SECONDS: Final = 0.5
WATCH_SECONDS: Final = 2.0
HAND_OVER_SECONDS: Final = 45.0
"""Shorter than a claim lasts: whoever still waits for an answer then calls it unknown."""
RECORD_DELAYS_SECONDS: Final = (0.1, 0.5, 2.0, 5.0, 10.0)


log = structlog.get_logger(__name__)
_outcomes = meter.create_counter("notifications.messages", description="Messages handed over, by what came of it")
_delays = meter.create_histogram("notifications.delay", unit="s", description="From planned to accepted")


@dataclass
class Sending:
    """Sends what is due. One process does it at a time by its job's lease; the claims would hold if two did."""

    database: Database
    clock: Clock
    channels: Channels
    documents: ReceiptsService
    jitter: Callable[[], float] = random.random
    _in_flight: set[asyncio.Task[None]] = field(default_factory=set)

    async def watch(self, seconds: float = WATCH_SECONDS) -> None:
        """Send whatever becomes due within this time; what is in flight in the end goes on."""
        rung = self.database.bell.waiting(BELL)
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            rung.clear()
            if not await self.start_due():
                await _rung_within(rung, min(left, POLL_SECONDS))

    async def start_due(self) -> bool:
        """Begin to send what is due, as far as there is room; True where there may be more."""
        room = AT_ONCE - len(self._in_flight)
        if room <= 0:
            return False
        found, looks = await self._look(room)
        for look in looks:
            task = asyncio.create_task(self._deliver(look), name=f"deliver-{look.message.id}")
            self._in_flight.add(task)
            task.add_done_callback(self._delivered)
        return found == room

    async def finish(self) -> None:
        """Wait for what is in flight: its outcome is to be known."""
        while self._in_flight:
            await asyncio.wait(set(self._in_flight))

    async def _look(self, room: int) -> tuple[int, list[Look]]:
        async with self.database.transaction([], ACTOR) as work:
            due = await messages.lease_due(work, work.now + LEASE, room)
        if not due:
            return 0, []
        async with self.database.transaction({one.clinic_id for one in due}, ACTOR) as work:
            return len(due), await look_at_due(work, [one.message_id for one in due])

    def _delivered(self, task: asyncio.Task[None]) -> None:
        """Room for another. A fault leaves the message leased: it is due again, or its claim becomes unknown."""
        self._in_flight.discard(task)
        self.database.bell.waiting(BELL).set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            level = "warning" if is_transient(fault) else "error"
            getattr(log, level)("delivery_interrupted", task=task.get_name(), error=reason_of(fault))

    async def _deliver(self, look: Look) -> None:
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
                answer = await self.channels[message.channel].send(claimed.composed)
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


async def send_due(resources: Any) -> None:
    """The job: watch for a while, then let the lease be renewed."""
    sending: Sending = resources.state.sending
    await sending.watch()


async def _rung_within(rung: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await rung.wait()
    except TimeoutError:
        return
