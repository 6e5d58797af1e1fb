"""The payments service on a real PostgreSQL; each test has a clinic of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from chassis.testing.harness import ServiceHarness, service_fixture
from payments.app import service

sys.path.insert(0, str(Path(__file__).parent))

from payments_desk import FrontDesk

harness = service_fixture(service)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(harness: ServiceHarness) -> AsyncIterator[FrontDesk]:
    """A configured clinic in New York, and a clerk's client; in the end every balance is proven (ALL-8)."""
    one = FrontDesk(harness)
    await one.configure()
    try:
        yield one
        await one.prove()
    finally:
        await one.client.aclose()
