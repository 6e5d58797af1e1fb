"""Forward events to the endpoints that asked for their kinds: one delivery of each to each (`NOT-7`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from notifications.domain.webhook import WebhookDelivery
from notifications.persistence import webhooks


@dataclass(frozen=True)
class ForwardEvent:
    """An event that was published, and how to write of it what anybody may know."""

    clinic_id: UUID
    event_id: str
    event_type: str
    payload: Callable[[], str]


async def forward_events(work: Work, commands: Sequence[ForwardEvent]) -> None:
    """Add what is to be delivered. Nobody's event costs more than a look where no clinic of a batch has endpoints."""
    endpoints = await webhooks.active(work.connection)
    if not endpoints:
        return
    deliveries = []
    for command in commands:
        wanting = [one for one in endpoints if one.clinic_id == command.clinic_id and one.wants(command.event_type)]
        payload = command.payload() if wanting else ""
        deliveries += [
            WebhookDelivery(
                id=new_id(),
                clinic_id=command.clinic_id,
                endpoint_id=endpoint.id,
                event_id=command.event_id,
                event_type=command.event_type,
                payload=payload,
                planned_at=work.now,
                next_attempt_at=work.now,
            )
            for endpoint in wanting
        ]
    await webhooks.add_deliveries(work, deliveries)
