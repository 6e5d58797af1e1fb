"""Send a message again by hand: what was suppressed, refused, given up, or is of unknown outcome (`NOT-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from notifications.domain.errors import MessageUnknown
from notifications.domain.message import RESENDABLE, Message, State
from notifications.persistence import messages


@dataclass(frozen=True)
class ResendMessage:
    """Which one, and why; who asks is the transaction's actor (`ALL-5`)."""

    message_id: UUID
    reason: str


async def resend_message(work: Work, command: ResendMessage) -> Message:
    """Make it due now. It is checked again: what is still without consent, or untrue, is suppressed again."""
    message = await messages.get(work, command.message_id)
    if message is None:
        raise MessageUnknown(command.message_id)
    message.refuse_unless_resendable()
    change = {"id": message.id, "state": State.PLANNED, "cause": None, "first_failed_at": None}
    await messages.change(work, [change | {"next_attempt_at": work.now, "due_at": work.now}], answers_to=RESENDABLE)
    await messages.add_attempts(work, [message.attempt("resend_requested", command.reason, at=work.now, by=work.actor)])
    work.ring(messages.BELL)
    return await messages.get(work, command.message_id) or message
