"""Look at the messages that are due: suppress, defer, or say which ones are to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from notifications.announcements import announce_failed, announce_suppressed
from notifications.domain.last_look import Defer, Send, Suppress, last_look
from notifications.domain.message import WAITING, Message, State
from notifications.domain.settings import DocumentDelivery
from notifications.persistence import messages
from notifications.persistence.looks import Look, look_at
from notifications.persistence.messages import Attempt

LOST = "the process ended, or lost its database, while the message was being handed over"


async def look_at_due(work: Work, message_ids: Sequence[UUID]) -> list[Look]:
    """Settle all that need not be sent now, in a few statements; the others are returned, to be claimed one by one."""
    looks = await look_at(work.connection, message_ids)
    waiting = [look for look in looks if look.message.state in WAITING]
    decisions = [(look, last_look(look.message, look.facts, work.now)) for look in waiting]
    await _suppress(work, [(look.message, one) for look, one in decisions if isinstance(one, Suppress)])
    await messages.defer(work, {look.message.id: one.until for look, one in decisions if isinstance(one, Defer)})
    for look in looks:
        if look.message.state not in WAITING:
            await _close(work, look.message)
    return [look for look, one in decisions if isinstance(one, Send)]


def wants_attachment(look: Look) -> bool:
    """Whether a document has to be fetched before the message can be sent (`NOT-5`)."""
    attached = look.facts.settings.documents is DocumentDelivery.ATTACHED
    return attached and look.message.subject.document is not None


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
