"""A real Chromium before the whole stack, and a clinic with a patient and a person signed in for each test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack
from playwright.async_api import Browser, async_playwright

sys.path.insert(0, str(Path(__file__).parent))

from at_the_desk import Clerk

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all: each person has a context of their own."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        pytest.fail("There is no chromium: `make test` installs it (deploy/setup/apt-packages-of-tests.txt)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest.fixture
async def story(stack: Stack) -> AsyncIterator[Story]:
    """A clinic and a patient; in the end all four services prove their books (`ALL-8`)."""
    addresses = stack.layout.addresses()
    async with Api(addresses) as api, Announcer(addresses.kafka_bootstrap) as announcer:
        told = await Story.begin(api, announcer)
        yield told
        await told.proven()


@pytest.fixture
async def clerk(chromium: Browser, stack: Stack, story: Story) -> AsyncIterator[Clerk]:
    """Dana of the front desk, signed in at the story's clinic; no script of hers failed."""
    async with Clerk.signed_in(chromium, stack.layout, story) as one:
        yield one
