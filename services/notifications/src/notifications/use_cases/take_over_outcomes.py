"""Know again who was told before the database was restored, so that nobody is told twice (`NOT-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chassis.database import Work

from notifications.domain.message import Message
from notifications.persistence import messages

DETAIL = "known again after a restore, from what was announced"


async def take_over_outcomes(work: Work, told: Sequence[Message]) -> None:
    """Keep these messages as they ended: what is not there is added, what is on its way still is on it no more.

    What a message was about is not told again, so it is nothing but its event, its patient and what became of it.
    """
    taken = await messages.take_over(work, told)
    ended = [replace(message, id=taken[key]) for message in told if (key := messages.told_of(message)) in taken]
    await messages.add_attempts(
        work, [message.attempt(message.state, DETAIL, at=work.now, by=work.actor) for message in ended]
    )
