"""What a service is opened beside, and what has happened: the golden examples."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.messaging import Message
from chassis.service import Service
from chassis.testing.harness import running
from chassis.testing.tokens import Issuer

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


def service_named(name: str) -> Service:
    """A service's declaration."""
    service: Service = import_module(f"{name}.app").service
    return service


@asynccontextmanager
async def asked_by(service: Service, dsn: str, issuer: Issuer) -> AsyncIterator[dict[str, Any]]:
    """Receipts asks payments what to print: a real one, which has heard of the golden examples."""
    if service.name != "receipts":
        yield {}
        return
    async with running(service_named("payments"), dsn, issuer=issuer) as payments:
        known = [message for message in golden_messages() if payments.inbound.listens_to(message.topic, message.type)]
        await payments.deliver(*known)
        async with payments.served() as address:
            yield {"payments_url": address, "invoicing_url": address}


def golden_messages() -> list[Message]:
    """The golden examples as the messages they are, in the order in which they happened."""
    examples = [json.loads(path.read_text()) for path in EXAMPLES.glob("*.json")]
    found = [message_of(example) for example in examples]
    return sorted(found, key=lambda message: (message.time, message.sequence))


def message_of(example: dict[str, object]) -> Message:
    """An example of an event, as Kafka brings it."""
    headers = example["headers"]
    assert isinstance(headers, dict)
    return Message(
        id=headers["ce_id"],
        type=headers["ce_type"],
        source=headers["ce_source"],
        subject=headers["ce_subject"],
        clinic_id=UUID(headers["ce_clinicid"]),
        sequence=int(headers["ce_sequence"]),
        time=datetime.fromisoformat(headers["ce_time"]),
        key=str(example["key"]),
        topic=str(example["topic"]),
        partition=0,
        offset=0,
        data=json.dumps(example["data"]).encode(),
    )
