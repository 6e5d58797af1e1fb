"""The whole stack, and a clinic and patient of its own for each journey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack


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
