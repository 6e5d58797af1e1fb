"""What notifications itself announced, from its events into the log, after its database was restored."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.notifications import (
    NotificationFailed,
    NotificationOutcome,
    NotificationSent,
    NotificationSuppressed,
)

from notifications.domain.message import Cause, State, Subject, level_in, step_of
from notifications.domain.message import Message as Told
from notifications.domain.notice import Notice
from notifications.domain.settings import Channel
from notifications.use_cases.take_over_outcomes import take_over_outcomes

_KINDS: dict[str, type[NotificationOutcome]] = {
    one.event_type: one for one in (NotificationSent, NotificationFailed, NotificationSuppressed)
}


async def on_outcomes(work: Work, announced: Sequence[Message]) -> None:
    """Of each message the last that was announced of it; nobody is told again what they were told (`NOT-3`)."""
    last: dict[str, Told] = {}
    for one in sorted(announced, key=lambda message: message.sequence):
        last[one.subject] = _to_message(_KINDS[one.type].model_validate_json(one.data), one.sequence)
    await take_over_outcomes(work, list(last.values()))


def _to_message(event: NotificationOutcome, version: int) -> Told:
    state = State.SENT
    cause = None
    if isinstance(event, NotificationFailed):
        state = State(event.outcome)
    elif isinstance(event, NotificationSuppressed):
        state, cause = State.SUPPRESSED, Cause(event.cause)
    return Told(
        id=event.notification_id,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        about_event_id=event.about_event_id,
        about_event_type=event.about_event_type,
        notice=Notice(event.template.partition(".")[0]),
        step=step_of(event.notification_id, event.copy_of, level_in(event.template)),
        channel=Channel(event.channel),
        recipient=f"patient:{event.patient_id}",
        subject=Subject(level=level_in(event.template)),
        state=state,
        cause=cause,
        planned_at=event.occurred_at,
        next_attempt_at=None,
        attempts=event.attempts,
        sent_at=event.occurred_at if state is State.SENT else None,
        template=event.template,
        template_version=event.template_version,
        version=version,
        copy_of=event.copy_of,
    )
