"""Webhook endpoints and deliveries as they go out; a secret is shown when it is made, and never again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.http import ResponseBody

from notifications.domain.webhook import AlertState, DeliveryState, DisabledBecause, WebhookEndpoint


class EndpointOut(ResponseBody):
    """Where events are sent, which, and whether that works."""

    id: UUID
    url: str
    event_types: tuple[str, ...]
    description: str | None
    enabled: bool
    disabled_because: DisabledBecause | None
    """`asked` by somebody, `gone` where it answered 410, `failed_for_long` where no attempt succeeded for five days."""
    failing_since: datetime | None
    """Since when no attempt has succeeded."""
    mailed: AlertState | None
    """What became of the mail to the clinic that it was disabled: `no_address` where the clinic has none that can be
    mailed, `needless` where it was enabled again before; null while it is enabled, or where somebody asked for it."""
    created_at: datetime
    version: int

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> EndpointOut:
        """As the wire has it."""
        return cls.named(endpoint, enabled=endpoint.disabled_because is None)


class EndpointWithSecret(EndpointOut):
    """An endpoint, and the secret that was just made for it: keep it, it is not shown again."""

    secret: str
    """Of Standard Webhooks: `whsec_` and base64."""
    previous_secret_until: datetime | None
    """Until when messages are also signed with the secret before it."""

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> EndpointWithSecret:
        """As the wire has it."""
        return cls.named(endpoint, enabled=endpoint.disabled_because is None)


class DeliveryOut(ResponseBody):
    """An event on its way to an endpoint, and what came of it."""

    id: UUID
    event_id: str
    """Also its `webhook-id`, the same at every attempt."""
    event_type: str
    state: DeliveryState
    attempts: int
    answer: str | None
    """The status of the last answer, or why there was none."""
    planned_at: datetime
    next_attempt_at: datetime | None
    ended_at: datetime | None
