"""Record what came of a message, and decide whether and when it is tried again (`NOT-3`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chassis.database import Work

from notifications.announcements import Failure, announce_failed, announce_sent
from notifications.channels.channel import Answer, Outcome
from notifications.domain.message import WAITING, Message, State
from notifications.domain.retrying import DOCUMENT_AWAITED, delay_before_attempt, delay_for_document, is_given_up
from notifications.persistence import messages, patients
from notifications.persistence.messages import Attempt

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
    text = None if await patients.is_any_forgotten(work, message.clinic_id, whose) else answer.text
    if answer.outcome is Outcome.NOT_TAKEN:
        await _try_again(work, message, text, command.jitter, (State.CLAIMED,))
    elif answer.outcome is Outcome.ACCEPTED:
        await _end(work, message, State.SENT, text, sent_at=work.now)
    else:
        await _end(work, message, State(answer.outcome.value), text)


async def record_hindrance(work: Work, command: RecordHindrance) -> None:
    """Count an attempt that ended before the message was handed to anybody; waiting for a document is none."""
    current = await messages.get(work, command.message.id)
    if current is None or current.state not in WAITING:
        return
    waited = work.now - current.planned_at
    if command.ready_in is not None and waited < DOCUMENT_AWAITED:
        await messages.defer(work, {current.id: work.now + delay_for_document(waited, command.ready_in)})
        return
    attempts = current.attempts + 1
    await _try_again(work, current, command.reason, command.jitter, WAITING, attempts=attempts)


async def _end(work: Work, message: Message, state: State, text: str | None, **changes: Any) -> None:
    changes |= {"state": state.value, "next_attempt_at": None, "provider_answer": text}
    version = await messages.settle(work, message, answers_to=_CLOSABLE, **changes)
    if version is None:
        return
    await messages.add_attempts(work, [Attempt(message.id, message.clinic_id, message.attempts, state, text)])
    if state is State.SENT:
        announce_sent(work, message, version)
    else:
        announce_failed(work, message, version, _failure(state))


async def _try_again(
    work: Work,
    message: Message,
    text: str | None,
    jitter: float,
    answers_to: tuple[State, ...],
    **changes: Any,
) -> None:
    attempts = changes.get("attempts", message.attempts)
    failed_at = message.first_failed_at or work.now
    next_at = work.now + delay_before_attempt(attempts, jitter)
    over = is_given_up(failed_at, next_at)
    state = State.GIVEN_UP if over else State.RETRYING
    changes |= {
        "state": state.value,
        "first_failed_at": failed_at,
        "next_attempt_at": None if over else next_at,
        "provider_answer": text,
    }
    version = await messages.settle(work, message, answers_to=answers_to, **changes)
    if version is None:
        return
    await messages.add_attempts(work, [Attempt(message.id, message.clinic_id, attempts, state, text)])
    if over:
        announce_failed(work, replace(message, attempts=attempts), version, "given_up")


def _failure(state: State) -> Failure:
    return "unknown" if state is State.UNKNOWN else "refused"
