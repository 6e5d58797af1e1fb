"""A database as the release before this one left it (`keep_release.py`), and what of its rows it knew."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from chassis.service import Service
from chassis.testing.databases import TestDatabase, migrated_database

PREVIOUS = Path(__file__).parent / "previous"
_INSERT = re.compile(r"^INSERT INTO public\.(\w+) \((.*?)\).*?;$", re.MULTILINE | re.DOTALL)
_VERSION = "alembic_version"
_COLUMNS = """
SELECT table_name, column_name, udt_name, is_nullable = 'YES' AS may_be_null
  FROM information_schema.columns WHERE table_schema = 'public'
"""


@dataclass(frozen=True, order=True)
class Column:
    """A column as whoever reads it has to know it."""

    table: str
    name: str
    kind: str
    may_be_null: bool


def sql_of(service: str) -> str:
    """A service's database, as SQL."""
    return (PREVIOUS / f"{service}.sql").read_text()


def rows_of(service: str) -> list[str]:
    """The statements that wrote its rows, each naming the columns that the release knew."""
    return [found[0] for found in _INSERT.finditer(sql_of(service)) if found[1] != _VERSION]


def examples() -> list[dict[str, Any]]:
    """The release's examples of events."""
    return [json.loads(line) for line in (PREVIOUS / "examples.json").read_text().splitlines()]


@asynccontextmanager
async def left_behind(service: Service, dsn: str) -> AsyncIterator[TestDatabase]:
    """A database of its own as that release left it, not migrated."""
    async with migrated_database(dsn, service.name, service.migrations) as owned:
        async with superuser(owned) as connection:
            await connection.execute("DROP SCHEMA public CASCADE")
            await connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
            await connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
            await connection.execute(sql_of(service.name))
        yield owned


@asynccontextmanager
async def superuser(owned: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees every clinic's rows, and fires no trigger."""
    connection = await asyncpg.connect(owned.admin_dsn)
    try:
        await connection.execute("SET session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def columns(owned: TestDatabase) -> list[Column]:
    """All columns, in order."""
    async with superuser(owned) as connection:
        return sorted(Column(*row) for row in await connection.fetch(_COLUMNS))
