"""Reserve a delivery: counted and committed before anything is sent, as a message is (`NOT-7`, `NOT-3`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from notifications.domain.webhook import RESERVATION_LASTS, DeliveryState, WebhookDelivery, WebhookEndpoint
from notifications.persistence import webhooks

NOBODY = "the endpoint is removed or disabled"


@dataclass(frozen=True)
class ReservedDelivery:
    """A delivery that is ours to try, and where to."""

    delivery: WebhookDelivery
    endpoint: WebhookEndpoint


async def reserve_delivery(work: Work, delivery_id: UUID) -> ReservedDelivery | None:
    """Count an attempt; None where it is not to be sent any more. If we die, it is due again under the same id."""
    delivery = await webhooks.delivery(work, delivery_id)
    if delivery is None or delivery.state is not DeliveryState.WAITING:
        await webhooks.unqueue(work, delivery_id)
        return None
    endpoint = await webhooks.endpoint_with_id(work.connection, delivery.endpoint_id)
    if endpoint is None or endpoint.disabled_because is not None:
        ended = replace(delivery, state=DeliveryState.GIVEN_UP, answer=NOBODY, next_attempt_at=None, ended_at=work.now)
        await webhooks.store(work, ended, None)
        return None
    again_at = work.now + RESERVATION_LASTS
    ours = replace(delivery, attempts=delivery.attempts + 1, next_attempt_at=again_at)
    await webhooks.store(work, ours, again_at)
    return ReservedDelivery(ours, endpoint)
