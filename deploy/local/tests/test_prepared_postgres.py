"""Throw-away servers begin with what is prepared: made once, and anew as far as a migration has changed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from local_stack import prepared_postgres
from local_stack.places import passable_folder
from local_stack.ports import free_port
from local_stack.postgres import Postgres
from local_stack.prepared_postgres import copy_prepared, prepare_databases

TEMPLATES = "SELECT datname FROM pg_database WHERE datistemplate AND starts_with(datname, 'template_')"
ONLY = ("notifications",)


@pytest.fixture
def said() -> list[str]:
    return []


@asynccontextmanager
async def started_from(prepared: Path, services: Sequence[str]) -> AsyncIterator[asyncpg.Connection]:
    """A server of its own on a copy."""
    folder = passable_folder("copied")
    server = Postgres(folder / "data", free_port(), folder / "log", durable=False)
    try:
        await copy_prepared(folder / "data", prepared, services)
        await server.start()
        connection = await asyncpg.connect(server.dsn())
        yield connection
        await connection.close()
    finally:
        await server.stop()
        shutil.rmtree(folder)


async def templates(connection: asyncpg.Connection) -> list[str]:
    return [row["datname"] for row in await connection.fetch(TEMPLATES)]


async def test_a_server_begins_with_the_template_and_the_roles_of_a_service(tmp_path: Path) -> None:
    async with started_from(tmp_path, ONLY) as connection:
        assert len(await templates(connection)) == 1
        roles = await connection.fetch("SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'test_') ORDER BY 1")
    assert [row["rolname"] for row in roles] == ["test_notifications_app", "test_notifications_owner"]


async def test_what_is_prepared_is_prepared_once(tmp_path: Path, said: list[str]) -> None:
    await prepare_databases(said.append, tmp_path, ONLY)
    await prepare_databases(said.append, tmp_path, ONLY)
    assert len(said) == 1


async def test_what_changed_is_prepared_anew_and_what_did_not_is_kept(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepare_databases(said.append, tmp_path, ONLY)
    made: list[str] = []

    async def changed(dsn: str, services: Sequence[str]) -> None:
        connection = await asyncpg.connect(dsn)
        made.extend(await templates(connection))
        await connection.close()

    monkeypatch.setattr(prepared_postgres, "fingerprint", lambda *_: "another")
    monkeypatch.setattr(prepared_postgres, "_make_templates", changed)
    await prepare_databases(said.append, tmp_path, ONLY)
    assert len(said) == 2
    assert len(made) == 1, "the template that was there is still of use"


async def test_what_was_left_half_made_is_made_anew(tmp_path: Path, said: list[str]) -> None:
    """As by a process that was ended while it copied."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("18\n")
    await prepare_databases(said.append, tmp_path, ONLY)
    async with started_from(tmp_path, ONLY) as connection:
        assert len(await templates(connection)) == 1
