"""Send a message again by hand: what did not arrive as itself (`NOT-3.4`), what was sent as a copy (`NOT-8.3`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from notifications.domain.errors import MessageUnknown, ResendRefused
from notifications.domain.message import REPEATABLE, RESENDABLE, Message, State
from notifications.domain.notice import Priority
from notifications.persistence import messages

REQUESTED = "resend_requested"


@dataclass(frozen=True)
class ResendMessage:
    """Which one, and why; who asks is the transaction's actor (`ALL-5`)."""

    message_id: UUID
    reason: str


async def resend_message(work: Work, command: ResendMessage) -> Message:
    """Make it, or a copy of it, due now. It is checked again: what is without consent, or untrue, is suppressed.

    Raises MessageUnknown, and ResendRefused for what is on its way, itself or as a copy.
    """
    message = await messages.get(work, command.message_id)
    if message is None:
        raise MessageUnknown(command.message_id)
    message.refuse_if_on_the_way()
    again = await (_copy if message.state in REPEATABLE else _revive)(work, message, command.reason)
    work.ring(messages.BELL)
    return again


async def _revive(work: Work, message: Message, reason: str) -> Message:
    change = {"id": message.id, "state": State.PLANNED, "priority": Priority.URGENT, "next_attempt_at": work.now}
    cleared = {"cause": None, "first_failed_at": None}
    await messages.change(work, [change | cleared | {"due_at": work.now}], answers_to=RESENDABLE)
    await messages.add_attempts(work, [message.attempt(REQUESTED, reason, at=work.now, by=work.actor)])
    return await messages.get(work, message.id) or message


async def _copy(work: Work, message: Message, reason: str) -> Message:
    """One at a time: whoever asks at the same moment waits for the first message's row, and finds the copy."""
    if message.copy_of is not None:
        await messages.get(work, message.copy_of)
    if (underway := await messages.copy_on_the_way(work, message)) is not None:
        raise ResendRefused(underway.state, underway.id)
    copy = message.copy(new_id(), work.now)
    await messages.schedule(work, [copy])
    asked = [one.attempt(REQUESTED, reason, at=work.now, by=work.actor) for one in (message, copy)]
    await messages.add_attempts(work, asked)
    return copy
