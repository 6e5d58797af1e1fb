"""Fixtures for tests on real parts: a PostgreSQL, a Kafka, and the whole stack; loaded wherever this package is."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from local_stack.places import ROOT
from local_stack.supervisor import Stack
from local_stack.throwaway import VARIABLES, Kind, held_server, passable_folder
from local_stack.trouble import CannotRun

LOGS_KEPT = ROOT / ".local" / "test-stack-logs"
"""Where the logs of the last whole-stack run are, to see why a journey failed."""


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A superuser's DSN of a real PostgreSQL: that of `TEST_POSTGRES`, else one shared by all workers of this run."""
    return _address("postgres", tmp_path_factory)


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bootstrap address of a real Kafka: that of `TEST_KAFKA`, else one shared by all workers of this run."""
    return _address("kafka", tmp_path_factory)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack() -> AsyncIterator[Stack]:
    """The whole system with processes, ports and data of its own, for journeys and faults; gone afterwards."""
    home = passable_folder("stack")
    started = Stack(home, durable=False, stand_back=False)
    try:
        async with started:
            yield started
    except CannotRun as trouble:
        pytest.fail(f"{trouble}\nIts logs are in {LOGS_KEPT}", pytrace=False)
    finally:
        shutil.rmtree(LOGS_KEPT, ignore_errors=True)
        shutil.copytree(home / "logs", LOGS_KEPT)
        started.erase()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have one worker run all that needs the stack: two stacks at once are more than a small machine carries."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


def _address(kind: Kind, folders: pytest.TempPathFactory) -> str:
    given = os.environ.get(VARIABLES[kind])
    if given:
        return given
    folder, owner_pid = _shared_by_workers(folders)
    try:
        return held_server(kind, folder, owner_pid)
    except CannotRun as trouble:
        pytest.fail(str(trouble), pytrace=False)


def _shared_by_workers(folders: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder that all workers of a run see, and the process that outlives them: pytest-xdist's controller."""
    own = folders.getbasetemp()
    return (own, os.getpid()) if "PYTEST_XDIST_WORKER" not in os.environ else (own.parent, os.getppid())
