"""The practice's systems as producers: CloudEvents in binary mode, keyed by patient, acknowledged by the broker."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from local_stack.practice.events import Announced
from local_stack.practice.problems import StackUnreachable

ACK_SECONDS = 60.0


class Announcer:
    """An idempotent producer with acks=all: what it returned from was stored once, in order per patient."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap, enable_idempotence=True, acks="all", linger_ms=2, request_timeout_ms=10_000
        )

    async def __aenter__(self) -> Self:
        """Connect. Raises StackUnreachable."""
        try:
            await self._producer.start()
        except (KafkaError, OSError) as error:
            await self._producer.stop()
            raise StackUnreachable(f"Kafka does not answer at {self._bootstrap}: {error}") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._producer.stop()

    async def announce(self, events: Iterable[Announced], trace: str | None = None) -> None:
        """Publish events, as one trace, and wait until the broker has them all. Raises StackUnreachable."""
        trace = trace or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        try:
            async with asyncio.timeout(ACK_SECONDS):
                sent = [await self._send(announced, trace) for announced in events]
                await asyncio.gather(*sent)
        except (KafkaError, TimeoutError) as error:
            raise StackUnreachable(f"Kafka at {self._bootstrap} does not take events: {error!r}") from error

    async def _send(self, announced: Announced, trace: str) -> asyncio.Future[object]:
        event = announced.event
        future: asyncio.Future[object] = await self._producer.send(
            event.topic,
            key=event.partition_key.encode(),
            value=event.model_dump_json(exclude_none=True).encode(),
            headers=headers_of(announced, trace),
        )
        return future


def headers_of(announced: Announced, trace: str) -> list[tuple[str, bytes]]:
    """The headers of the CloudEvents Kafka binding; `traceparent` (W3C) begins the trace that the receipt ends."""
    event = announced.event
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": str(announced.id),
        "ce_source": announced.source,
        "ce_type": event.event_type,
        "ce_subject": str(announced.subject),
        "ce_time": event.occurred_at.isoformat(),
        "ce_clinicid": str(event.clinic_id),
        "ce_sequence": f"{1:012d}",
        "content-type": "application/json",
        "traceparent": trace,
    }
    return [(name, value.encode()) for name, value in attributes.items()]
