"""The front desk without a network: services that answer as told, and a session that is sealed as real ones are."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent))

from told_services import Office, office


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[Office]:
    async with office() as opened:
        yield opened
