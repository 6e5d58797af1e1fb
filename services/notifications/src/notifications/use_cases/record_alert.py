"""Record what came of a mail about a disabled endpoint, and whether and when it is tried again (`NOT-7.7`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work

from notifications.announcements import count_failed
from notifications.channels.channel import Answer, Outcome
from notifications.domain.endpoint_alert import EndpointAlert
from notifications.domain.retrying import delay_before_attempt, is_given_up
from notifications.domain.settings import Channel
from notifications.domain.webhook import AlertState
from notifications.persistence import endpoint_alerts

_ENDED = {
    Outcome.ACCEPTED: AlertState.SENT,
    Outcome.REFUSED: AlertState.REFUSED,
    Outcome.UNKNOWN: AlertState.UNKNOWN,
}


@dataclass(frozen=True)
class RecordAlert:
    """What the server answered about a claimed one. `jitter` in [0, 1) spreads the next attempt."""

    alert: EndpointAlert
    answer: Answer
    jitter: float


async def record_alert(work: Work, command: RecordAlert) -> None:
    """Store it, unless somebody had to call it unknown by now; who sent it may still say that it was sent."""
    alert, outcome = command.alert, command.answer.outcome
    if outcome in _ENDED:
        await endpoint_alerts.store(work, alert.ended(_ENDED[outcome]), AlertState.CLAIMED, AlertState.UNKNOWN)
        if outcome is not Outcome.ACCEPTED:
            count_failed(Channel.EMAIL, "refused" if outcome is Outcome.REFUSED else "unknown")
        return
    failed_at = alert.first_failed_at or work.now
    again_at = work.now + delay_before_attempt(alert.attempts, command.jitter)
    failed = replace(alert, state=AlertState.WAITING, first_failed_at=failed_at, next_attempt_at=again_at)
    stored = alert.ended(AlertState.GIVEN_UP) if is_given_up(failed_at, again_at) else failed
    await endpoint_alerts.store(work, stored, AlertState.CLAIMED)
    if stored.state is AlertState.GIVEN_UP:
        count_failed(Channel.EMAIL, "given_up")
