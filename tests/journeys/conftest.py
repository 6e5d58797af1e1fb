"""The whole stack, and a clinic and patient of its own for each journey."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from local_stack.looking import compare_all, prove_each
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
async def books_balance_in_the_end(stack: Stack) -> AsyncIterator[None]:
    """After all journeys and faults, every service proves every clinic, and all are laid side by side (`ALL-8`)."""
    yield
    well = await asyncio.to_thread(prove_each, stack.layout)
    lines, differences = await compare_all(stack.layout)
    print("\n".join(lines))  # noqa: T201 - how much it was
    assert well, "a service finds a difference within itself, see above"
    assert not differences, "\n".join(differences)


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[Api]:
    async with Api(stack.layout.addresses()) as api:
        yield api


@pytest.fixture
async def announcer(stack: Stack) -> AsyncIterator[Announcer]:
    async with Announcer(stack.layout.addresses().kafka_bootstrap) as announcer:
        yield announcer


@pytest.fixture
async def story(api: Api, announcer: Announcer) -> AsyncIterator[Story]:
    """A story; when the test has told it, all four services prove their books (`ALL-8`)."""
    story = await Story.begin(api, announcer)
    yield story
    await story.proven()


@pytest.fixture
def clinic_day() -> Path:
    return Path(__file__).parents[2] / "deploy" / "local" / "data" / "clinic-day"
