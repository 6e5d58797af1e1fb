"""What notifications announces: messages sent, failed, suppressed (`NOT-3`, `NOT-6`). Recipients are never named."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Count, Event, PatientId, Text, event

TOPIC = "billing.notifications.v1"

Channel = Literal["email", "sms", "webhook"]


class NotificationOutcome(Event):
    """What became of one message: about which event, to whom by opaque id, by which channel."""

    notification_id: UUID
    """The message; one per (clinic, event, step, recipient, channel) (`NOT-3`)."""
    patient_id: PatientId
    about_event_id: Annotated[Text, Field(max_length=200)]
    """The `ce_id` of the event that the message tells about."""
    about_event_type: Annotated[Text, Field(max_length=200, examples=["billing.receipt.issued.v1"])]
    """The `ce_type` of that event."""
    channel: Channel
    """How it was to reach the recipient."""
    template: Annotated[Text, Field(max_length=100, examples=["payment_recorded"])]
    """Which text was used."""
    template_version: Count
    """Which version of that text (`NOT-6`)."""
    attempts: Annotated[Count, Field(ge=0)]
    """How often it was tried until now."""
    copy_of: UUID | None = None
    """The message that it repeats, where somebody asked for it again after that was sent (`NOT-8.3`)."""


@event("billing.notification.sent.v1", TOPIC)
class NotificationSent(NotificationOutcome):
    """The provider accepted the message."""


@event("billing.notification.failed.v1", TOPIC)
class NotificationFailed(NotificationOutcome):
    """The message was given up, or the provider's answer is unknown and it is not blindly repeated (`NOT-3`)."""

    outcome: Literal["given_up", "refused", "unknown"]
    """`given_up` after a day of retries, `refused` by the provider for good, `unknown` where no answer came."""


@event("billing.notification.suppressed.v1", TOPIC)
class NotificationSuppressed(NotificationOutcome):
    """The message was not sent: no consent, no address, switched off, or no longer true (`NOT-2`, `NOT-4`)."""

    cause: Literal["no_consent", "no_address", "switched_off", "no_longer_true"]
    """Why nothing was sent."""
