"""Check the messages that are due: suppress, defer, or say which ones are to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from chassis.database import Work

from notifications.announcements import announce_failed, announce_suppressed
from notifications.domain.message import WAITING, Cause, Message, State
from notifications.domain.pre_send_check import Defer, Fail, Send, SendCheck, Suppress, pre_send_check
from notifications.persistence import messages
from notifications.persistence.send_checks import load_send_checks

UNMAILABLE = "the address can never be mailed"
LOST = "the process ended, or lost its database, while the message was being handed over"


async def check_due_messages(work: Work, message_ids: Sequence[UUID]) -> list[SendCheck]:
    """Settle all that need not be sent now, in a few statements; the others are returned, to be reserved one by one."""
    checks = await load_send_checks(work.connection, message_ids)
    waiting = [check for check in checks if check.message.state in WAITING]
    decisions = [(check, pre_send_check(check.message, check.facts, work.now)) for check in waiting]
    await _suppress(work, [(check.message, found.cause) for check, found in decisions if isinstance(found, Suppress)])
    await _end(work, [check.message for check, found in decisions if isinstance(found, Fail)], "refused", UNMAILABLE)
    await messages.defer(
        work, {check.message.id: found.until for check, found in decisions if isinstance(found, Defer)}
    )
    await _close(work, [check.message for check in checks if check.message.state not in WAITING])
    return [check for check, found in decisions if isinstance(found, Send)]


async def _suppress(work: Work, suppressed: Sequence[tuple[Message, Cause]]) -> None:
    changes = [
        {"id": message.id, "state": State.SUPPRESSED, "cause": cause, "next_attempt_at": None, "due_at": None}
        for message, cause in suppressed
    ]
    versions = await messages.change(work, changes)
    await messages.add_attempts(
        work, [message.attempt(State.SUPPRESSED, cause, at=work.now, by=work.actor) for message, cause in suppressed]
    )
    for message, cause in suppressed:
        announce_suppressed(work, message, versions[message.id], cause)


async def _close(work: Work, due: Sequence[Message]) -> None:
    """Messages that are due and yet reserved were left by their senders: nobody knows whether they went out (`NOT-3`).

    Those that are neither waiting nor reserved are not due any more.
    """
    await messages.unqueue(work, [message.id for message in due if message.state is not State.CLAIMED])
    await _end(work, [message for message in due if message.state is State.CLAIMED], "unknown", LOST)


async def _end(work: Work, failed: Sequence[Message], state: Literal["unknown", "refused"], text: str) -> None:
    """Close messages that nobody is sending, and announce it."""
    changes = [
        {"id": message.id, "state": state, "provider_answer": text, "next_attempt_at": None, "due_at": None}
        for message in failed
    ]
    versions = await messages.change(work, changes, answers_to=(*WAITING, State.CLAIMED))
    await messages.add_attempts(work, [message.attempt(state, text, at=work.now, by=work.actor) for message in failed])
    for message in failed:
        announce_failed(work, message, versions[message.id], state)
