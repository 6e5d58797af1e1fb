"""Check the messages that are due: suppress, defer, or say which ones are to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from notifications.announcements import announce_failed, announce_suppressed
from notifications.domain.message import WAITING, Message, State
from notifications.domain.pre_send_check import Defer, Send, Suppress, pre_send_check
from notifications.domain.settings import DocumentDelivery
from notifications.persistence import messages
from notifications.persistence.messages import Attempt
from notifications.persistence.send_checks import SendCheck, load_send_checks

LOST = "the process ended, or lost its database, while the message was being handed over"


async def check_due_messages(work: Work, message_ids: Sequence[UUID]) -> list[SendCheck]:
    """Settle all that need not be sent now, in a few statements; the others are returned, to be claimed one by one."""
    checks = await load_send_checks(work.connection, message_ids)
    waiting = [check for check in checks if check.message.state in WAITING]
    decisions = [(check, pre_send_check(check.message, check.facts, work.now)) for check in waiting]
    await _suppress(work, [(check.message, one) for check, one in decisions if isinstance(one, Suppress)])
    await messages.defer(work, {check.message.id: one.until for check, one in decisions if isinstance(one, Defer)})
    for check in checks:
        if check.message.state not in WAITING:
            await _close(work, check.message)
    return [check for check, one in decisions if isinstance(one, Send)]


def wants_attachment(check: SendCheck) -> bool:
    """Whether a document has to be fetched before the message can be sent (`NOT-5`)."""
    attached = check.facts.settings.documents is DocumentDelivery.ATTACHED
    return attached and check.message.subject.document is not None


async def _suppress(work: Work, suppressed: Sequence[tuple[Message, Suppress]]) -> None:
    await messages.suppress(work, {message.id: decision.cause for message, decision in suppressed})
    await messages.add_attempts(
        work,
        [
            Attempt(message.id, message.clinic_id, message.attempts, "suppressed", decision.cause)
            for message, decision in suppressed
        ],
    )
    for message, decision in suppressed:
        announce_suppressed(work, message, message.version + 1, decision.cause)


async def _close(work: Work, message: Message) -> None:
    """A message that is due and yet claimed was left by its sender: nobody knows whether it went out (`NOT-3`)."""
    if message.state is not State.CLAIMED:
        await messages.queue(work, message, None)
        return
    changes = {"state": State.UNKNOWN.value, "next_attempt_at": None, "provider_answer": LOST}
    version = await messages.settle(work, message, answers_to=(State.CLAIMED,), **changes)
    if version is not None:
        attempt = Attempt(message.id, message.clinic_id, message.attempts, State.UNKNOWN, LOST)
        await messages.add_attempts(work, [attempt])
        announce_failed(work, message, version, "unknown")
