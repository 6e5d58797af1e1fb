"""The embedded PostgreSQL: provisioned with one database and two roles per service, and its data survives a stop."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from local_stack.layout import SERVICES
from local_stack.places import passable_folder
from local_stack.ports import free_port
from local_stack.postgres import Postgres

PASSWORDS = {f"{service}_{role}": f"p'w-{service}" for service in SERVICES for role in ("owner", "app")}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    folder = passable_folder("test")
    server = Postgres(folder / "data", free_port(), folder / "log", password="sup:er/user", durable=False)
    await server.start()
    server.provision(PASSWORDS)
    yield server
    await server.stop()
    shutil.rmtree(folder)


async def connect(postgres: Postgres, database: str, user: str) -> asyncpg.Connection:
    return await asyncpg.connect(postgres.dsn(database, user=user, password=PASSWORDS[user]))


async def test_working_role_owns_nothing_and_cannot_bypass_row_level_security(postgres: Postgres) -> None:
    """`ALL-4`."""
    connection = await connect(postgres, "payments", "payments_app")
    try:
        rights = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'payments_app'"
        )
        assert rights is not None
        assert not any(rights.values())
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")
    finally:
        await connection.close()


async def test_no_service_connects_to_the_database_of_another(postgres: Postgres) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connect(postgres, "invoicing", "payments_app")


async def test_wrong_password_is_refused(postgres: Postgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.dsn("payments", user="payments_app", password="guess"))


async def test_provisioning_again_keeps_data_and_stopping_keeps_it_too(postgres: Postgres) -> None:
    owner = await connect(postgres, "receipts", "receipts_owner")
    await owner.execute("CREATE TABLE kept AS SELECT 7 AS number")
    await owner.close()
    postgres.provision(PASSWORDS)
    await postgres.stop()
    await postgres.start()
    owner = await connect(postgres, "receipts", "receipts_owner")
    assert await owner.fetchval("SELECT number FROM kept") == 7
    await owner.close()
