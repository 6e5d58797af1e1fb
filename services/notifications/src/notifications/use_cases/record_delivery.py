"""Record what came of an attempt to deliver an event, and whether and when it is tried again (`NOT-7`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.telemetry import meter

from notifications.channels.webhook.client import Posted
from notifications.domain.endpoint_alert import EndpointAlert
from notifications.domain.webhook import (
    DISABLED_AFTER,
    DeliveryState,
    DisabledBecause,
    EndpointChange,
    WebhookDelivery,
    WebhookEndpoint,
    delay_after,
)
from notifications.persistence import endpoint_alerts, webhooks
from notifications.use_cases.reserve_delivery import ReservedDelivery

_disabled = meter.create_counter("dental_billing.webhooks.disabled", unit="{endpoint}")


@dataclass(frozen=True)
class RecordDelivery:
    """What was tried, and what came of it. `jitter` in [0, 1) spreads the next attempt."""

    reserved: ReservedDelivery
    posted: Posted
    jitter: float


async def record_delivery(work: Work, command: RecordDelivery) -> None:
    """Store it. An endpoint that has failed for days, or says that it is gone, is disabled."""
    ours, posted = command.reserved.delivery, command.posted
    current = await webhooks.delivery(work, ours.id)
    is_ours = current is not None and current.state is DeliveryState.WAITING
    if current is not None and is_ours and (posted.taken or current.attempts == ours.attempts):
        await _store(work, replace(current, answer=posted.text), command)
    await webhooks.mark(work, ours.endpoint_id, works=posted.taken)
    if not posted.taken:
        await _disable_if_dead(work, command)


async def _store(work: Work, delivery: WebhookDelivery, command: RecordDelivery) -> None:
    posted = command.posted
    delay = None if posted.taken or posted.gone else delay_after(delivery.attempts, command.jitter, posted.retry_after)
    if delay is not None:
        again_at = work.now + delay
        await webhooks.store(work, replace(delivery, next_attempt_at=again_at), again_at)
        return
    state = DeliveryState.DELIVERED if posted.taken else DeliveryState.GIVEN_UP
    await webhooks.store(work, replace(delivery, state=state, next_attempt_at=None, ended_at=work.now), None)


async def _disable_if_dead(work: Work, command: RecordDelivery) -> None:
    endpoint = await webhooks.get(work, command.reserved.endpoint.id)
    if endpoint is None:
        return
    because = DisabledBecause.GONE if command.posted.gone else None
    if because is None and endpoint.failing_since and work.now - endpoint.failing_since >= DISABLED_AFTER:
        because = DisabledBecause.FAILED_FOR_LONG
    if because is not None and await webhooks.disable(work, endpoint.id, because):
        made = EndpointChange(endpoint.id, endpoint.clinic_id, "disabled", because.value, work.now, work.actor)
        await webhooks.note_change(work, made)
        await endpoint_alerts.add(work, _alert(work, endpoint, because))
        _disabled.add(1, {"reason": because.value})


def _alert(work: Work, endpoint: WebhookEndpoint, because: DisabledBecause) -> EndpointAlert:
    """The clinic is mailed of what nobody of it asked for."""
    return EndpointAlert(
        id=new_id(),
        clinic_id=endpoint.clinic_id,
        endpoint_id=endpoint.id,
        because=because,
        failing_since=endpoint.failing_since,
        disabled_at=work.now,
        next_attempt_at=work.now,
    )
