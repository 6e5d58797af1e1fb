"""Take a turn at a provider that is sent to no faster than it allows, by all workers together (`NOT-3.6`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chassis.database import Work

from notifications.domain.message import WAITING, Message
from notifications.domain.notice import Priority
from notifications.persistence import messages, provider_paces

LONGEST: Final = {Priority.URGENT: timedelta(seconds=8)}
LONGEST_OF_OTHERS: Final = timedelta(seconds=2)
"""How far off a turn may be that is waited for: well within a lease. What is urgent waits for 2 s of others."""


def longest_wait(message: Message) -> timedelta:
    """How long a message waits in its place for a turn."""
    return LONGEST.get(message.priority, LONGEST_OF_OTHERS)


async def take_turn(work: Work, message: Message, apart: timedelta) -> datetime | None:
    """When it may be handed over; None where that is too far off, and it is to come again."""
    return await provider_paces.take_turn(work, message.channel.value, apart, longest_wait(message))


async def come_again(work: Work, message: Message) -> None:
    """Have a message that got no turn be due at once, unless somebody else has it by now."""
    current = await messages.get(work, message.id)
    if current is not None and current.state in WAITING:
        await messages.defer(work, {message.id: work.now})
