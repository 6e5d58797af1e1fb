"""Plan what a batch of events makes us tell: one message per recipient and channel, looked at again when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from notifications.domain.message import Message, State, Subject, step_of
from notifications.domain.notice import Notice
from notifications.domain.settings import FIRST_AGAIN, Channel, NoticeSettings
from notifications.persistence import messages
from notifications.persistence.settings import in_force


@dataclass(frozen=True)
class ScheduleMessage:
    """Something happened that a patient may be told about."""

    clinic_id: UUID
    patient_id: UUID
    notice: Notice
    event_id: str
    event_type: str
    occurred_at: datetime
    subject: Subject
    traceparent: str | None
    tracestate: str | None


async def schedule_messages(work: Work, commands: Sequence[ScheduleMessage], *, only_wanted: bool = False) -> None:
    """Plan them all. Consent, address and truth are not asked for here but when a message is due (`NOT-4`).

    A notice that is switched off is planned too, to be logged as such, but for those that a clinic has to ask for.
    """
    settings = await in_force(work.connection, {command.clinic_id for command in commands})
    planned = [
        _message(command, channel, level, days, work.now)
        for command in commands
        for decided in [settings[command.clinic_id].of(command.notice)]
        if decided.enabled or not only_wanted
        for channel in _channels(decided)
        for level, days in _levels(decided)
    ]
    await messages.schedule(work, planned)


def _channels(settings: NoticeSettings) -> tuple[Channel, ...]:
    return settings.channels or (Channel.EMAIL,)


def _levels(settings: NoticeSettings) -> list[tuple[int | None, int]]:
    """Each level with its days: the first, and what is to be said again later (`NOT-9`)."""
    again = settings.levels if settings.enabled else ()
    return [(None, settings.offset_days), *((level, one.days) for level, one in enumerate(again, FIRST_AGAIN))]


def _message(command: ScheduleMessage, channel: Channel, level: int | None, days: int, now: datetime) -> Message:
    due_at = command.occurred_at + timedelta(days=days) if days else now
    message_id = new_id()
    return Message(
        id=message_id,
        clinic_id=command.clinic_id,
        patient_id=command.patient_id,
        about_event_id=command.event_id,
        about_event_type=command.event_type,
        notice=command.notice,
        step=step_of(message_id, None, level),
        channel=channel,
        # The person, not the address: who changes an address is still told once (NOT-3).
        recipient=f"patient:{command.patient_id}",
        subject=command.subject if level is None else replace(command.subject, level=level),
        state=State.PLANNED,
        planned_at=now,
        next_attempt_at=due_at,
        traceparent=command.traceparent,
        tracestate=command.tracestate,
        priority=command.notice.priority,
    )
