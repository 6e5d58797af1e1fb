"""Record what came of a message, and decide whether and when it is tried again (`NOT-3`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Work

from notifications.announcements import Failure, announce_failed, announce_sent
from notifications.channels.channel import Answer, Outcome
from notifications.domain.message import WAITING, Message, State
from notifications.domain.retrying import DOCUMENT_AWAITED, delay_before_attempt, delay_for_document, is_given_up
from notifications.persistence import messages, patients
from notifications.use_cases.record_bounces import suppress

_ENDED = ("id", "state", "attempts", "first_failed_at", "sent_at")
"""What the end of an attempt changes of a message, beside the answer and the next one."""
_FAILURES: Mapping[State, Failure] = {
    State.UNKNOWN: "unknown",
    State.REFUSED: "refused",
    State.GIVEN_UP: "given_up",
}
_CLOSABLE = (State.CLAIMED, State.UNKNOWN)
"""Whoever sent it may still say what came of it after others had to call that unknown."""


@dataclass(frozen=True)
class RecordOutcome:
    """What the provider answered about a claimed message. `jitter` in [0, 1) spreads the next attempt."""

    message: Message
    answer: Answer
    jitter: float


@dataclass(frozen=True)
class RecordHindrance:
    """Why a message could not even be claimed. `ready_in` is set where its document is only not made yet."""

    message: Message
    reason: str
    jitter: float
    ready_in: timedelta | None = None


async def record_outcome(work: Work, command: RecordOutcome) -> None:
    """Close a claim. A provider's answer may quote the address, so of a patient who was forgotten it is not kept."""
    message, answer = command.message, command.answer
    whose = [message.patient_id, *([message.contact_of] if message.contact_of else [])]
    is_forgotten = await patients.is_any_forgotten(work, message.clinic_id, whose)
    text = None if is_forgotten else answer.text
    if answer.outcome is Outcome.NOT_TAKEN:
        await _try_again(work, message, text, command.jitter, (State.CLAIMED,), answer.retry_after)
    elif answer.outcome is Outcome.ACCEPTED:
        ended = replace(message, state=State.SENT, sent_at=work.now)
        await _store(work, ended, text, _CLOSABLE)
    else:
        await _store(work, replace(message, state=State(answer.outcome.value)), text, _CLOSABLE)
        if answer.status is not None and not is_forgotten:
            await suppress(work, [(message, answer.status)])


async def record_hindrances(work: Work, commands: Sequence[RecordHindrance]) -> None:
    """Count attempts that ended before a message was handed to anybody; waiting for a document is none."""
    found = {message.id: message for message in await messages.locked(work, [one.message.id for one in commands])}
    put_off: dict[UUID, datetime] = {}
    for command in commands:
        current = found.get(command.message.id)
        if current is None or current.state not in WAITING:
            continue
        waited = work.now - current.planned_at
        if command.ready_in is not None and waited < DOCUMENT_AWAITED:
            put_off[current.id] = work.now + delay_for_document(waited, command.ready_in)
        else:
            failed = replace(current, attempts=current.attempts + 1)
            await _try_again(work, failed, command.reason, command.jitter, WAITING)
    await messages.defer(work, put_off)


async def _try_again(
    work: Work,
    message: Message,
    text: str | None,
    jitter: float,
    answers_to: Sequence[State],
    asked_for: timedelta | None = None,
) -> None:
    failed_at = message.first_failed_at or work.now
    next_at = work.now + max(delay_before_attempt(message.attempts, jitter), asked_for or timedelta())
    if is_given_up(failed_at, next_at):
        ended = replace(message, state=State.GIVEN_UP, first_failed_at=failed_at)
    else:
        ended = replace(message, state=State.RETRYING, first_failed_at=failed_at, next_attempt_at=next_at)
    await _store(work, ended, text, answers_to)


async def _store(work: Work, message: Message, text: str | None, answers_to: Sequence[State]) -> None:
    """Keep how an attempt ended, unless the message is in another state by now; announce it where that was the last."""
    changed = {name: getattr(message, name) for name in _ENDED}
    due_at = message.next_attempt_at if message.state is State.RETRYING else None
    change = changed | {"provider_answer": text, "next_attempt_at": due_at, "due_at": due_at}
    version = (await messages.change(work, [change], answers_to=answers_to)).get(message.id)
    if version is None:
        return
    await messages.add_attempts(work, [message.attempt(message.state, text, at=work.now, by=work.actor)])
    if message.state is State.SENT:
        announce_sent(work, message, version)
    elif message.state in _FAILURES:
        announce_failed(work, message, version, _FAILURES[message.state])
