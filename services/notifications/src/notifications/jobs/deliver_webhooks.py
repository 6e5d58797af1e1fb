"""Delivering events to clinics' endpoints: leased, reserved, signed, posted, some at once (`NOT-7`)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from chassis.clock import Clock
from chassis.database import Database
from chassis.messaging.leased_queue import Leased, LeasedQueue
from chassis.telemetry import meter

from notifications.channels.webhook.client import Posted, WebhookClient
from notifications.channels.webhook.signing import signed_headers
from notifications.domain.message import DueMessage
from notifications.domain.notice import Priority
from notifications.persistence import messages
from notifications.persistence.webhooks import BELL
from notifications.use_cases.record_delivery import RecordDelivery, record_delivery
from notifications.use_cases.reserve_delivery import ReservedDelivery, reserve_delivery

ACTOR: Final = "notifications:webhooks"
LEASE: Final = timedelta(seconds=20)
AT_ONCE: Final = 16
SHARE: Final = 4
"""Of these, at most so many of one clinic: whatever its endpoints do, others have their turn (`ALL-4`)."""

_posted = meter.create_counter("notifications.webhooks", description="Attempts to deliver an event, by what came of it")


class DeliveringWebhooks(LeasedQueue[DueMessage]):
    """A worker's loop that delivers what is due."""

    def __init__(
        self, database: Database, clock: Clock, client: WebhookClient, jitter: Callable[[], float] = random.random
    ) -> None:
        super().__init__(database, bell=BELL, name="deliver_webhooks", at_once=AT_ONCE)
        self.clock = clock
        self.client = client
        self.jitter = jitter

    def identity(self, item: DueMessage) -> str:
        """The delivery."""
        return str(item.message_id)

    async def lease(self, free: int) -> Leased[DueMessage]:
        """Take what is due, clinics in turn."""
        if free <= 0:
            return Leased(0, [])
        in_work = Counter(one.clinic_id for one in self.in_work.values())
        async with self.database.transaction([], ACTOR) as work:
            due = await messages.lease_due(
                work, work.now + LEASE, free, priorities=(Priority.WEBHOOKS,), in_work=in_work, share=SHARE
            )
        return Leased(len(due), due)

    async def work(self, item: DueMessage) -> None:
        """Deliver one. Cut short, it is due again, and goes out under the same id, by which the endpoint knows it."""
        async with self.database.transaction([item.clinic_id], ACTOR) as work:
            reserved = await reserve_delivery(work, item.message_id)
        if reserved is None:
            return
        posted = await self._post(reserved)
        _posted.add(1, {"outcome": "taken" if posted.taken else "not_taken"})
        async with self.database.transaction([item.clinic_id], ACTOR) as work:
            await record_delivery(work, RecordDelivery(reserved, posted, self.jitter()))

    async def _post(self, reserved: ReservedDelivery) -> Posted:
        delivery, endpoint, now = reserved.delivery, reserved.endpoint, self.clock.now()
        body = delivery.payload.encode()
        headers = signed_headers(endpoint.secrets_at(now), delivery.event_id, now, body)
        return await self.client.post(endpoint.url, headers, body)
