"""One suite over all four services: each is opened on a database of its own, and asked the same."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from chassis.messaging import Message
from chassis.service import Service
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.tokens import Issuer

sys.path.insert(0, str(Path(__file__).parent))

SERVICES = ("invoicing", "payments", "receipts", "notifications")
EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


def service_named(name: str) -> Service:
    """A service's declaration."""
    service: Service = import_module(f"{name}.app").service
    return service


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> Service:
    """Each service in turn."""
    return service_named(request.param)


@pytest.fixture(scope="module")
async def harness(service: Service, request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
    """The service, opened on a database of its own, beside the one that it asks for figures."""
    issuer = Issuer()
    async with (
        asked_by(service, admin_dsn(request), issuer) as settings,
        running(service, admin_dsn(request), issuer=issuer, document_wait_seconds=0.05, **settings) as one,
    ):
        yield one


@asynccontextmanager
async def asked_by(service: Service, dsn: str, issuer: Issuer) -> AsyncIterator[dict[str, Any]]:
    """Receipts asks payments what to print: a real one, which has heard of the golden examples."""
    if service.name != "receipts":
        yield {}
        return
    async with running(service_named("payments"), dsn, issuer=issuer) as payments:
        known = [one for one in golden_messages() if payments.inbound.listens_to(one.topic, one.type)]
        await payments.deliver(*known)
        async with payments.served() as address:
            yield {"payments_url": address, "invoicing_url": address}


def golden_messages() -> list[Message]:
    """The golden examples as the messages they are, in the order in which they happened."""
    examples = [json.loads(path.read_text()) for path in EXAMPLES.glob("*.json")]
    found = [_message(example) for example in examples]
    return sorted(found, key=lambda message: (message.time, message.sequence))


def _message(example: dict[str, object]) -> Message:
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


@pytest.fixture
async def clinic_id(harness: ServiceHarness, golden: list[Message]) -> UUID:
    """The golden examples' clinic: with their rows and, where its settings are kept, settings, so that it can work."""
    clinic_id = golden[0].clinic_id
    await harness.deliver(*(one for one in golden if harness.inbound.listens_to(one.topic, one.type)))
    settings = harness.app.openapi()["paths"].get("/v1/clinic", {}).get("put")
    async with harness.client(clinic_id=clinic_id) as client:
        if settings is not None and (await client.get("/v1/clinic")).status_code == 404:
            example = settings["requestBody"]["content"]["application/json"]["example"]
            assert (await client.put("/v1/clinic", json=example)).status_code == 200
    return clinic_id


@pytest.fixture
def golden() -> list[Message]:
    """The golden examples as the messages they are, in the order in which they happened."""
    return golden_messages()
