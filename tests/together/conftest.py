"""Two services at once, each on a database of its own; the events of one are delivered to the other."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from invoicing.app import service as invoicing
from payments.app import service as payments

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
async def services(request: pytest.FixtureRequest) -> AsyncIterator[tuple[ServiceHarness, ServiceHarness]]:
    """Both services, each on a database of its own."""
    dsn = admin_dsn(request)
    async with running(invoicing, dsn) as bills, running(payments, dsn) as till:
        yield bills, till
