"""Every minute: clinics whose webhook endpoints were disabled are mailed, each time once (`NOT-7.7`)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from chassis.database.clinic_directory import clinics_by_part
from chassis.resources import Resources

from notifications.channels.channel import Answer, Outcome
from notifications.channels.email.channel import EmailChannel
from notifications.domain.settings import Channel
from notifications.jobs.send_messages import HAND_OVER_SECONDS, Sending
from notifications.use_cases.record_alert import RecordAlert, record_alert
from notifications.use_cases.reserve_alert import ReserveAlert, ReservedAlert, reserve_alert

ACTOR: Final = "job:mail_alerts"
EVERY_SECONDS: Final = 60.0
AT_MOST: Final = 100
"""Of a run, for some clinics; what is left is the next one's."""


async def mail_alerts(resources: Resources) -> None:
    """Go through all clinics."""
    async for clinic_ids in clinics_by_part(resources.database):
        await _mail_some(resources, clinic_ids)


async def _mail_some(resources: Resources, clinic_ids: Sequence[UUID]) -> None:
    """One after another, until none is due, or the server takes no more just now."""
    sending: Sending = resources.state.sending
    rate = sending.rates.get(Channel.EMAIL)
    command = ReserveAlert(None if rate is None else timedelta(seconds=1 / rate))
    for _ in range(AT_MOST):
        async with resources.database.transaction(clinic_ids, ACTOR) as work:
            reserved = await reserve_alert(work, command)
        if reserved is None:
            return
        await sending.sleep(reserved.wait.total_seconds())
        answer = await _hand_over(sending, reserved)
        async with resources.database.transaction([reserved.alert.clinic_id], ACTOR) as work:
            await record_alert(work, RecordAlert(reserved.alert, answer, random.random()))  # noqa: S311 - spreads
        if answer.outcome is Outcome.NOT_TAKEN:
            return


async def _hand_over(sending: Sending, reserved: ReservedAlert) -> Answer:
    channel = sending.channels[Channel.EMAIL]
    if not isinstance(channel, EmailChannel):
        raise TypeError("the channel of emails sends none to clinics")
    composed = channel.compose_alert(reserved.alert, reserved.clinic, reserved.address, reserved.host)
    try:
        async with asyncio.timeout(HAND_OVER_SECONDS):
            return await channel.send(composed, reserved.alert.clinic_id)
    except TimeoutError:
        return Answer(Outcome.UNKNOWN, f"no answer within {HAND_OVER_SECONDS:.0f} s")
