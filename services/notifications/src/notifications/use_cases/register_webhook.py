"""Register where a clinic has events sent, with a secret that signs them (`NOT-7`)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.database import Work
from chassis.identifiers import new_id

from notifications.channels.webhook.public_addresses import refusal_of
from notifications.channels.webhook.signing import new_secret
from notifications.domain.errors import EndpointAddressRefused, EndpointsTooMany
from notifications.domain.webhook import ENDPOINTS_MAX, EndpointChange, WebhookEndpoint
from notifications.persistence import webhooks


@dataclass(frozen=True)
class RegisterWebhook:
    """Where, which kinds of events, and why; `private_allowed` is the process's setting."""

    url: str
    event_types: tuple[str, ...]
    description: str | None
    reason: str
    private_allowed: bool = False


async def register_webhook(work: Work, command: RegisterWebhook) -> WebhookEndpoint:
    """Store it. Raises EndpointAddressRefused, EndpointsTooMany."""
    if refused := refusal_of(command.url, private_allowed=command.private_allowed):
        raise EndpointAddressRefused(refused)
    await webhooks.take_turn(work)
    if await webhooks.count(work) >= ENDPOINTS_MAX:
        raise EndpointsTooMany(ENDPOINTS_MAX)
    endpoint = WebhookEndpoint(
        id=new_id(),
        clinic_id=work.clinic_id,
        url=command.url,
        event_types=command.event_types,
        description=command.description,
        secret=new_secret(),
        created_at=work.now,
    )
    await webhooks.add(work, endpoint)
    made = EndpointChange(endpoint.id, endpoint.clinic_id, "registered", command.reason, work.now, work.actor)
    await webhooks.note_change(work, made)
    return endpoint
