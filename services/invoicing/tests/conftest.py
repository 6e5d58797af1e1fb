"""The service on a real PostgreSQL, and a clinic of it with a front desk."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness, service_fixture
from invoicing.app import service

sys.path.insert(0, str(Path(__file__).parent))  # for `invoicing_clinic` and `invoicing_insurers`, beside this

from invoicing_clinic import Clinic

harness = service_fixture(service, late_draft_quiet_seconds=120.0)


@pytest_asyncio.fixture(loop_scope="session")
async def clinic(harness: ServiceHarness) -> AsyncIterator[Clinic]:
    """A configured clinic of its own for each test; in the end everything of it is proven (`ALL-8`)."""
    clinic_id = new_id()
    async with harness.client(clinic_id=clinic_id) as api:
        made = Clinic(harness, api, clinic_id)
        await made.configure()
        yield made
        if not made.leaves_wrong_rows:
            await made.prove()
