"""Reserve the next mail about a disabled endpoint, committed before it is sent, as a message is (`NOT-7.7`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from chassis.database import Work

from notifications.announcements import count_failed
from notifications.domain.endpoint_alert import AlertFacts, EndpointAlert
from notifications.domain.facts import Clinic
from notifications.domain.settings import Channel
from notifications.domain.webhook import AlertState
from notifications.persistence import endpoint_alerts, provider_paces
from notifications.use_cases.reserve_message import RESERVATION_LASTS


@dataclass(frozen=True)
class ReserveAlert:
    """How far mails are `apart` where the server takes so many a second only (`NOT-3.6`)."""

    apart: timedelta | None = None


@dataclass(frozen=True)
class ReservedAlert:
    """A mail that is ours to send, once, `wait` from now."""

    alert: EndpointAlert
    clinic: Clinic
    address: str
    host: str
    wait: timedelta


async def reserve_alert(work: Work, command: ReserveAlert) -> ReservedAlert | None:
    """Close those that are due and not to be sent; the first that is. None where there is no other, nor a turn."""
    while (found := await endpoint_alerts.first_due(work)) is not None:
        alert, facts = found
        address = facts.address
        if (ending := _ending(alert, facts)) is not None or facts.clinic is None or address is None:
            await endpoint_alerts.store(work, alert.ended(ending or AlertState.NO_ADDRESS), alert.state)
            if ending is AlertState.UNKNOWN:
                count_failed(Channel.EMAIL, "unknown")
            continue
        turn = work.now
        if command.apart is not None:
            near = timedelta(seconds=2)
            given = await provider_paces.take_turn(work, Channel.EMAIL.value, command.apart, near)
            if given is None:
                return None
            turn = given
        until = work.now + RESERVATION_LASTS
        ours = replace(alert, state=AlertState.CLAIMED, attempts=alert.attempts + 1, next_attempt_at=until)
        await endpoint_alerts.store(work, ours, alert.state)
        return ReservedAlert(ours, facts.clinic, address, facts.host, turn - work.now)
    return None


def _ending(alert: EndpointAlert, facts: AlertFacts) -> AlertState | None:
    """Whoever claimed it and died may have sent it: nobody knows, and it is not sent again (`NOT-3.3`)."""
    if alert.state is AlertState.CLAIMED:
        return AlertState.UNKNOWN
    return None if facts.is_disabled_by_itself else AlertState.NEEDLESS
