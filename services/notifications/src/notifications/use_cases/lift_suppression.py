"""Lift the suppression of an address by hand: whoever knows that it works again says why (`NOT-8.2`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from notifications.domain.errors import SuppressionUnknown
from notifications.domain.suppressed_address import SuppressedAddress
from notifications.persistence import suppressed_addresses


@dataclass(frozen=True)
class LiftSuppression:
    """Which one, and why; who asks is the transaction's actor (`ALL-5`)."""

    suppression_id: UUID
    reason: str


async def lift_suppression(work: Work, command: LiftSuppression) -> SuppressedAddress:
    """Have the address be sent to again, until it bounces again. Raises SuppressionUnknown, SuppressionLifted."""
    found = await suppressed_addresses.get(work, command.suppression_id)
    if found is None:
        raise SuppressionUnknown(command.suppression_id)
    found.refuse_if_lifted()
    return await suppressed_addresses.lift(work, found.id, command.reason)
