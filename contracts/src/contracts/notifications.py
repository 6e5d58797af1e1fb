"""What notifications announces: messages sent, failed, suppressed (`NOT-3`, `NOT-6`). Recipients are never named."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Event, event

TOPIC = "billing.notifications.v1"

Channel = Literal["email", "sms", "webhook"]


class NotificationOutcome(Event):
    """What became of one message: about which event, to whom by opaque id, by which channel."""

    notification_id: UUID
    patient_id: UUID
    about_event_id: str
    about_event_type: str
    channel: Channel
    template: str
    template_version: int
    attempts: Annotated[int, Field(ge=0)]


@event("billing.notification.sent.v1", TOPIC)
class NotificationSent(NotificationOutcome):
    """The provider accepted the message."""


@event("billing.notification.failed.v1", TOPIC)
class NotificationFailed(NotificationOutcome):
    """The message was given up, or the provider's answer is unknown and it is not blindly repeated (`NOT-3`)."""

    outcome: Literal["given_up", "refused", "unknown"]


@event("billing.notification.suppressed.v1", TOPIC)
class NotificationSuppressed(NotificationOutcome):
    """The message was not sent: no consent, no address, switched off, or no longer true (`NOT-2`, `NOT-4`)."""

    cause: Literal["no_consent", "no_address", "switched_off", "no_longer_true"]
