"""One suite over all four services: each is opened on a database of its own, and asked the same."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from chassis.messaging import Message
from chassis.service import Service
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.tokens import Issuer

sys.path.insert(0, str(Path(__file__).parent))

from beside import asked_by, golden_messages, service_named

SERVICES = ("invoicing", "payments", "receipts", "notifications")


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


@pytest.fixture
async def clinic_id(harness: ServiceHarness, golden: list[Message]) -> UUID:
    """The golden examples' clinic: with their rows and, where its settings are kept, settings, so that it can work."""
    clinic_id = golden[0].clinic_id
    await harness.deliver(*(message for message in golden if harness.inbound.listens_to(message.topic, message.type)))
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
