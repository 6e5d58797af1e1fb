"""What the surroundings do is told from what a request or a message does, the same for both (`ALL-7`)."""

from __future__ import annotations

import asyncpg
import pytest
from chassis.http.faults import problem_of_fault
from chassis.messaging.errors import is_transient
from sqlalchemy.exc import DBAPIError


def wrapped(error: asyncpg.PostgresError) -> DBAPIError:
    """As SQLAlchemy hands it on."""
    translated = Exception("translated")
    translated.__cause__ = error
    return DBAPIError("SELECT 1", {}, translated)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ObjectNotInPrerequisiteStateError("database is not currently accepting connections"),
        asyncpg.DiskFullError("could not extend file"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    ],
)
def test_a_database_that_cannot_is_waited_for_and_answered_with_503(error: asyncpg.PostgresError) -> None:
    assert is_transient(error)
    assert is_transient(wrapped(error))
    problem = problem_of_fault(wrapped(error))
    assert (problem.status, problem.retry_after_seconds) == (503, 2)


def test_a_fault_of_ours_is_neither() -> None:
    error = asyncpg.UndefinedTableError("relation does not exist")
    assert not is_transient(wrapped(error))
    assert problem_of_fault(wrapped(error)).status == 500
