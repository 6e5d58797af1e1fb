"""Change a webhook endpoint: where to, which events, and whether at all; or its secret, or remove it (`NOT-7`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from notifications.channels.webhook.public_addresses import refusal_of
from notifications.channels.webhook.signing import new_secret
from notifications.domain.errors import EndpointAddressRefused, EndpointChanged, EndpointUnknown
from notifications.domain.webhook import OLD_SECRET_LASTS, DisabledBecause, EndpointChange, WebhookEndpoint
from notifications.persistence import webhooks


@dataclass(frozen=True)
class ChangeWebhook:
    """The endpoint as it is to be, decided on `from_version` of it, and why."""

    endpoint_id: UUID
    from_version: int
    url: str
    event_types: tuple[str, ...]
    description: str | None
    enabled: bool
    reason: str
    private_allowed: bool = False


async def change_webhook(work: Work, command: ChangeWebhook) -> WebhookEndpoint:
    """Store the next version. Raises EndpointUnknown, EndpointChanged, EndpointAddressRefused.

    One that is enabled again begins anew: what failed before is forgotten, what waits is tried when it is due.
    Its present address holds up no other change, though it is refused by now: each attempt looks it up anew.
    """
    endpoint = await _locked(work, command.endpoint_id)
    if endpoint.version != command.from_version:
        raise EndpointChanged(endpoint.version)
    if command.url != endpoint.url and (refused := refusal_of(command.url, private_allowed=command.private_allowed)):
        raise EndpointAddressRefused(refused)
    changed = replace(
        endpoint,
        url=command.url,
        event_types=command.event_types,
        description=command.description,
        disabled_because=None if command.enabled else endpoint.disabled_because or DisabledBecause.ASKED,
        failing_since=None if command.enabled else endpoint.failing_since,
        mailed=None if command.enabled else endpoint.mailed,
    )
    return await _store(work, changed, "changed", command.reason)


async def rotate_webhook_secret(work: Work, endpoint_id: UUID, reason: str) -> WebhookEndpoint:
    """Sign with a new secret, and for a day with the old one, too. Raises EndpointUnknown."""
    endpoint = await _locked(work, endpoint_id)
    until = work.now + OLD_SECRET_LASTS
    fresh = replace(endpoint, secret=new_secret(), previous_secret=endpoint.secret, previous_secret_until=until)
    return await _store(work, fresh, "secret_rotated", reason)


async def remove_webhook(work: Work, endpoint_id: UUID, reason: str) -> None:
    """Send nothing there any more; who removed it, and why, stays. Raises EndpointUnknown."""
    endpoint = await _locked(work, endpoint_id)
    await webhooks.remove(work, endpoint_id)
    await webhooks.note_change(work, _made(work, endpoint, "removed", reason))


async def _locked(work: Work, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = await webhooks.get(work, endpoint_id)
    if endpoint is None:
        raise EndpointUnknown(endpoint_id)
    return endpoint


async def _store(work: Work, endpoint: WebhookEndpoint, action: str, reason: str) -> WebhookEndpoint:
    stored = replace(endpoint, version=endpoint.version + 1)
    await webhooks.change(work, stored)
    await webhooks.note_change(work, _made(work, stored, action, reason))
    return stored


def _made(work: Work, endpoint: WebhookEndpoint, action: str, reason: str) -> EndpointChange:
    return EndpointChange(endpoint.id, endpoint.clinic_id, action, reason, work.now, work.actor)
