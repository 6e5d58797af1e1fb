"""Fixtures for tests on real parts: a PostgreSQL, a Kafka, and the whole stack; loaded wherever this package is."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from local_stack.places import ROOT, memory, passable_folder
from local_stack.throwaway import VARIABLES, Kind, end_held, held_server
from local_stack.trouble import CannotRun

if TYPE_CHECKING:
    from local_stack.supervisor import Stack

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
    from local_stack.supervisor import Stack  # most tests need none of what it loads

    home = passable_folder("stack", within=memory())
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


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the stack with the last test of its group: it is busy for as long as it lives, even where nobody asks it."""
    if nextitem is not None and _is_worker() and _needs_stack(item) and not _needs_stack(nextitem):
        fixtures = item.session._fixturemanager.getfixturedefs("stack", item)  # noqa: SLF001 - no public way to it
        for fixture in fixtures or ():
            fixture.finish(item._request)  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have one worker run all that needs the stack: two stacks at once are more than a small machine carries."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if _needs_stack(item):
            item.add_marker(pytest.mark.xdist_group("stack"))
    if _is_worker():
        from local_stack.sharing_out import groups_first

        items[:] = groups_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share out files, not tests, where groups are kept together."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from local_stack.sharing_out import FileByFile

    return FileByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave no server behind: whoever reads the last line of a run finds the machine as it was."""
    if not _is_worker():
        folders: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]  # noqa: SLF001 - its fixtures show no other way to it
        end_held(folders.getbasetemp())


def _address(kind: Kind, folders: pytest.TempPathFactory) -> str:
    given = os.environ.get(VARIABLES[kind])
    if given:
        return given
    own = folders.getbasetemp()
    folder, owner_pid = (own.parent, os.getppid()) if _is_worker() else (own, os.getpid())
    try:
        return held_server(kind, folder, owner_pid)
    except CannotRun as trouble:
        pytest.fail(str(trouble), pytrace=False)


def _needs_stack(item: pytest.Item) -> bool:
    return "stack" in getattr(item, "fixturenames", ())


def _is_worker() -> bool:
    """Whether pytest-xdist's controller, which outlives all workers, is another process."""
    return "PYTEST_XDIST_WORKER" in os.environ
