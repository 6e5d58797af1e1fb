"""Fixtures for tests on real parts: a PostgreSQL, a Kafka, and the whole stack; loaded wherever this package is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local_stack.throwaway import VARIABLES, Kind, held_server
from local_stack.trouble import CannotRun


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A superuser's DSN of a real PostgreSQL: that of `TEST_POSTGRES`, else one shared by all workers of this run."""
    return _address("postgres", tmp_path_factory)


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bootstrap address of a real Kafka: that of `TEST_KAFKA`, else one shared by all workers of this run."""
    return _address("kafka", tmp_path_factory)


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
