"""Webhooks: a clinic's endpoints, and events on their way to them, by Standard Webhooks (`NOT-7`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

EVENT_TYPES: Final = (
    "billing.invoice.issued.v1",
    "billing.invoice.credited.v1",
    "billing.invoice.debited.v1",
    "billing.invoice.voided.v1",
    "billing.invoice.overdue.v1",
    "billing.adjudication.applied.v1",
    "billing.refund_adjustment.decided.v1",
    "billing.installment_plan.agreed.v1",
    "billing.installment_plan.changed.v1",
    "billing.installment_plan.cancelled.v1",
    "billing.installment.due_soon.v1",
    "billing.installment.due.v1",
    "billing.installment.overdue.v1",
    "billing.payment.recorded.v1",
    "billing.payment.refunded.v1",
    "billing.payment.cancelled.v1",
    "billing.payment.charged_back.v1",
    "billing.payment.taken_back.v1",
    "billing.refund.cancelled.v1",
    "billing.take_back.cancelled.v1",
    "billing.credit.applied.v1",
    "billing.credit.application_cancelled.v1",
    "billing.credit.transferred.v1",
    "billing.credit.held.v1",
    "billing.allocation.moved.v1",
    "billing.allocation.released.v1",
    "billing.receipt.issued.v1",
    "billing.receipt.voided.v1",
)
"""Kinds of events that an endpoint can ask for: all that this service hears of the other three."""
ENDPOINTS_MAX: Final = 10
"""Endpoints of a clinic."""
OLD_SECRET_LASTS: Final = timedelta(hours=24)
"""How long both secrets sign after a rotation."""
DISABLED_AFTER: Final = timedelta(days=5)
"""How long every attempt has to fail before an endpoint is disabled."""
RESERVATION_LASTS: Final = timedelta(seconds=60)
"""Longer than an attempt may take; after it, an attempt that nobody closed is made again, under the same id."""
DELAYS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)  # up to a day, three days in all
)
"""Before the second attempt, the third and so on, as Standard Webhooks has them; after the last it is given up."""
KEPT_FOR: Final = timedelta(days=30)
"""How long a delivery that has ended stays in the log."""


class DeliveryState(StrEnum):
    """Where an event is on its way to an endpoint."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class DisabledBecause(StrEnum):
    """Why nothing is sent to an endpoint."""

    ASKED = "asked"
    FAILED_FOR_LONG = "failed_for_long"
    GONE = "gone"
    """It answered 410: whoever runs it wants no more."""


class AlertState(StrEnum):
    """What became of the mail to a clinic that an endpoint of its was disabled (`NOT-7.7`)."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """Handed over just now; committed before it is, as a message is (`NOT-3.1`)."""
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    UNKNOWN = "unknown"
    NO_ADDRESS = "no_address"
    """The clinic has none that can be mailed."""
    NEEDLESS = "needless"
    """The endpoint was enabled again, or removed, before it went out."""


@dataclass(frozen=True)
class WebhookEndpoint:
    """Where a clinic has events sent. Its secrets are shown when they are made, and signed with."""

    id: UUID
    clinic_id: UUID
    url: str
    event_types: tuple[str, ...]
    description: str | None
    secret: str
    created_at: datetime
    previous_secret: str | None = None
    previous_secret_until: datetime | None = None
    disabled_because: DisabledBecause | None = None
    failing_since: datetime | None = None
    """Since when no attempt has succeeded; None while they do."""
    version: int = 1
    mailed: AlertState | None = None
    """What became of the mail to the clinic that it was disabled (`NOT-7.7`); read, never stored with it."""

    def secrets_at(self, now: datetime) -> Sequence[str]:
        """What a message is signed with: the secret, and for a while the one before it."""
        until = self.previous_secret_until
        if self.previous_secret is None or until is None or until <= now:
            return [self.secret]
        return [self.secret, self.previous_secret]

    def wants(self, event_type: str) -> bool:
        """Whether it is to hear of events of a kind."""
        return self.disabled_because is None and event_type in self.event_types


@dataclass(frozen=True)
class EndpointChange:
    """Who changed an endpoint, when, how and why; only ever added (`ALL-5`)."""

    endpoint_id: UUID
    clinic_id: UUID
    action: str
    reason: str | None
    at: datetime
    by_subject: str


@dataclass(frozen=True)
class WebhookDelivery:
    """An event on its way to an endpoint. `payload` is the body as it is sent, the same at each attempt."""

    id: UUID
    clinic_id: UUID
    endpoint_id: UUID
    event_id: str
    event_type: str
    payload: str
    planned_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    answer: str | None = None
    next_attempt_at: datetime | None = None
    ended_at: datetime | None = None


def delay_after(attempts: int, jitter: float, asked_for: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many attempts, spread by 10 % either way; None where that was the last.

    `jitter` is in [0, 1); what the endpoint `asked_for` (Retry-After) is waited at least, up to a day.
    """
    if attempts > len(DELAYS):
        return None
    delay = DELAYS[attempts - 1] * (0.9 + 0.2 * jitter)
    return max(delay, min(asked_for or timedelta(), timedelta(days=1)))
