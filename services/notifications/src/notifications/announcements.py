"""From what became of a message to the events that say so; recipients are never named (`ALL-6`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from chassis.database import Work
from chassis.telemetry import meter
from chassis.trace_context import TraceContext
from contracts.notifications import NotificationFailed, NotificationSent, NotificationSuppressed

from notifications.domain.message import Cause, Message, template_of
from notifications.domain.settings import Channel

Failure = Literal["given_up", "refused", "unknown"]

_ANNOUNCED: Mapping[Cause, Literal["no_consent", "no_address", "switched_off", "no_longer_true"]] = {
    Cause.NO_CONSENT: "no_consent",
    Cause.NO_ADDRESS: "no_address",
    Cause.SWITCHED_OFF: "switched_off",
    Cause.NO_LONGER_TRUE: "no_longer_true",
    Cause.ADDRESS_SUPPRESSED: "no_address",
}
"""Causes by the contract's names, which say no more than that there is no address to which it could go."""

_failed = meter.create_counter("dental_billing.notices.failed", unit="{message}")


def announce_sent(work: Work, message: Message, version: int) -> None:
    """The provider accepted it."""
    _announce(work, message, version, NotificationSent(**_outcome(message, work.now)))


def announce_failed(work: Work, message: Message, version: int, outcome: Failure) -> None:
    """It was refused or given up, or nobody knows."""
    _announce(work, message, version, NotificationFailed(**_outcome(message, work.now), outcome=outcome))
    count_failed(message.channel, outcome)


def count_failed(channel: Channel, outcome: Failure) -> None:
    """Count what did not go out, or perhaps did, whether or not it is announced: an alarm watches the figure."""
    _failed.add(1, {"channel": channel.value, "reason": outcome})


def announce_suppressed(work: Work, message: Message, version: int, cause: Cause) -> None:
    """It was not sent, and why."""
    _announce(work, message, version, NotificationSuppressed(**_outcome(message, work.now), cause=_ANNOUNCED[cause]))


def _announce(
    work: Work, message: Message, version: int, event: NotificationSent | NotificationFailed | NotificationSuppressed
) -> None:
    # The trace goes on where the message came from, also when it is announced together with others.
    work.follow({event.partition_key: TraceContext(message.traceparent, message.tracestate)})
    work.announce(event, subject=message.id, sequence=version)


def _outcome(message: Message, now: datetime) -> dict[str, Any]:
    return {
        "clinic_id": message.clinic_id,
        "occurred_at": now,
        "notification_id": message.id,
        "patient_id": message.patient_id,
        "about_event_id": message.about_event_id,
        "about_event_type": message.about_event_type,
        "channel": message.channel.value,
        "template": message.template or template_of(message.notice, message.subject.level),
        "template_version": message.template_version,
        "attempts": message.attempts,
        "copy_of": message.copy_of,
    }
