"""Adjudications to Kafka, as the claims system announces them: CloudEvents in binary mode, keyed by patient."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol, Self
from uuid import uuid5

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from contracts.insurance import ClaimAdjudicated
from contracts.participants import LARGEST_MESSAGE_BYTES

from remittances.problems import Unreachable

SOURCE = "/practice/insurance-claims"
ACK_SECONDS = 60.0


class Publisher(Protocol):
    """Where decisions go."""

    async def publish(self, decisions: Sequence[ClaimAdjudicated]) -> None:
        """Have these stored. Raises Unreachable."""
        ...


class KafkaPublisher:
    """An idempotent producer with acks=all: what `publish` returned from was stored."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any] | None = None) -> None:
        self._bootstrap = bootstrap
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            enable_idempotence=True,
            acks="all",
            linger_ms=2,
            request_timeout_ms=10_000,
            max_request_size=LARGEST_MESSAGE_BYTES,
            **(security or {}),
        )

    async def __aenter__(self) -> Self:
        try:
            await self._producer.start()
        except (KafkaError, OSError) as error:
            await self._producer.stop()
            raise Unreachable(
                f"Kafka does not answer at {self._bootstrap}, or does not let us in (KAFKA_BOOTSTRAP, "
                f"KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_PASSWORD): {error}"
            ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def publish(self, decisions: Sequence[ClaimAdjudicated]) -> None:
        """Publish decisions and wait until the broker has them all. Raises Unreachable."""
        trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        try:
            async with asyncio.timeout(ACK_SECONDS):
                sent = [
                    await self._producer.send(
                        decision.topic,
                        key=decision.partition_key.encode(),
                        value=decision.model_dump_json(exclude_none=True).encode(),
                        headers=headers_of(decision, trace),
                    )
                    for decision in decisions
                ]
                await asyncio.gather(*sent)
        except (KafkaError, TimeoutError) as error:
            raise Unreachable(f"Kafka at {self._bootstrap} does not take events: {error!r}") from error


def headers_of(decision: ClaimAdjudicated, trace: str) -> list[tuple[str, bytes]]:
    """CloudEvents in Kafka's binary mode. The event's id follows from the decision and from what it says.

    Told again, it is one event; repaired after it was set aside, it is another one about the same decision.
    """
    said = sha256(decision.model_dump_json(exclude={"occurred_at"}).encode()).hexdigest()
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid5(decision.decision_id, f"adjudicated {said}")),
        "ce_source": SOURCE,
        "ce_type": decision.event_type,
        "ce_subject": str(decision.claim_id),
        "ce_time": decision.occurred_at.isoformat(),
        "ce_clinicid": str(decision.clinic_id),
        "ce_sequence": f"{1:012d}",
        "ce_dataschema": f"urn:dental-billing:schemas:{decision.event_type}",
        "content-type": "application/json",
        "traceparent": trace,
    }
    return [(name, value.encode()) for name, value in attributes.items()]
