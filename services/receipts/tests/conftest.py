"""The service on a real PostgreSQL with a real rendering process, one for all tests: each test has its own clinic.

Documents are in a folder, as they are where nothing else is said to what comes with the system.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from receipts.app import service
from receipts.jobs.render_documents import Rendering

sys.path.insert(0, str(Path(__file__).parent))

from receipts_events import Practice


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def harness(request: pytest.FixtureRequest, documents_folder: Path) -> AsyncIterator[ServiceHarness]:
    folder = documents_folder.as_uri()
    started = running(
        service, admin_dsn(request), render_processes=1, document_wait_seconds=0.3, document_store_url=folder
    )
    async with started as one:
        yield one


@pytest.fixture(scope="session")
def documents_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where documents are kept."""
    return tmp_path_factory.mktemp("documents")


@pytest.fixture
def rendering(harness: ServiceHarness) -> Rendering:
    """The worker's loop, to be run by hand."""
    loop: Rendering = harness.resources.state.rendering
    return loop


@pytest_asyncio.fixture(loop_scope="session")
async def practice(harness: ServiceHarness) -> Practice:
    """A clinic and a patient that the service has heard of."""
    one = Practice()
    await harness.deliver(one.configured(), one.registered())
    return one


@pytest_asyncio.fixture(loop_scope="session")
async def worker(harness: ServiceHarness, rendering: Rendering) -> AsyncIterator[None]:
    """A worker that renders beside the test."""
    loop = Rendering(harness.database, rendering.processes, rendering.store)
    running = asyncio.create_task(loop.run())
    yield
    loop.stop()
    await running
