"""What the surroundings do is told from what a request or a message does, the same for both (`ALL-7`)."""

from __future__ import annotations

import asyncpg
import pytest
from chassis.database import transaction
from chassis.http.faults import problem_of_fault
from chassis.http.problems import BUSY
from chassis.messaging.errors import is_transient
from chassis.testing.harness import ServiceHarness
from sqlalchemy import text
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
        asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
        asyncpg.InvalidAuthorizationSpecificationError("role is not permitted to log in"),
        asyncpg.InvalidPasswordError("password authentication failed"),
        asyncpg.InvalidCatalogNameError("database does not exist"),
        asyncpg.PostgresIOError("could not read block"),
        asyncpg.UndefinedFileError("could not open file"),
    ],
)
def test_a_database_that_cannot_is_waited_for_and_answered_with_503(error: asyncpg.PostgresError) -> None:
    assert is_transient(error)
    assert is_transient(wrapped(error))
    for told in (error, wrapped(error)):
        problem = problem_of_fault(told)
        assert (problem.status, problem.retry_after_seconds) == (503, 2)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize access"),
        asyncpg.LockNotAvailableError("canceling statement due to lock timeout"),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
        asyncpg.IdleInTransactionSessionTimeoutError("terminating connection due to idle-in-transaction timeout"),
        asyncpg.TransactionTimeoutError("terminating connection due to transaction timeout"),
    ],
)
def test_what_others_are_in_the_way_of_is_tried_again_by_both(error: asyncpg.PostgresError) -> None:
    assert is_transient(error)
    assert is_transient(wrapped(error))
    assert problem_of_fault(wrapped(error)).title == BUSY.title


def test_a_right_that_is_lacking_in_a_statement_is_a_fault_of_ours() -> None:
    """Of a row that is another clinic's, say; the same code at connecting is a database that lets us in no more."""
    error = asyncpg.InsufficientPrivilegeError("new row violates row-level security policy")
    assert not is_transient(wrapped(error))
    assert problem_of_fault(wrapped(error)).status == 500


async def test_a_column_that_a_migration_adds_is_no_fault_of_a_request_or_a_message(harness: ServiceHarness) -> None:
    """An old process goes on beside `migrate`: what it has prepared with `SELECT *` is refused once, and made anew."""
    rows = text("SELECT * FROM widened")
    admin = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await admin.execute("CREATE TABLE widened (a int)")
        await admin.execute("GRANT SELECT ON widened TO PUBLIC")
        async with harness.database.reading([]) as connection:
            await connection.execute(rows)
        await admin.execute("ALTER TABLE widened ADD COLUMN b int")
        with pytest.raises(DBAPIError) as refused:
            async with harness.database.reading([]) as connection:
                await connection.execute(rows)
        assert is_transient(refused.value)
        assert problem_of_fault(refused.value).status == 503
        async with harness.database.reading([]) as connection:
            assert list((await connection.execute(rows)).keys()) == ["a", "b"]
    finally:
        await admin.execute("DROP TABLE widened")
        await admin.close()


def test_a_fault_of_ours_is_neither() -> None:
    error = asyncpg.UndefinedTableError("relation does not exist")
    assert not is_transient(wrapped(error))
    assert problem_of_fault(wrapped(error)).status == 500


async def test_a_process_whose_database_has_no_room_is_not_ready_until_it_has(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: with a full disk a server still answers whoever only reads."""
    full = text("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$")
    async with harness.client() as client:
        assert (await client.get("/health/ready")).status_code == 200
        with pytest.raises(DBAPIError):
            async with harness.database.transaction([], "test") as work:
                await work.connection.execute(full)
        said = await client.get("/health/ready")
        assert (said.status_code, said.json()["checks"]["database"]) == (503, "failed")
        monkeypatch.setattr(transaction, "FULL_SECONDS", 0.0)
        assert (await client.get("/health/ready")).status_code == 200
