"""Every service's tables as it declares them, beside what its migrations make: names, types, what may be missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from chassis.service import Service
from chassis.testing.harness import ServiceHarness
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

THE_CHASSIS_S = {
    "alembic_version",
    "dead_letters",
    "forgotten_keys",
    "idempotency_keys",
    "inbox",
    "lost_numbers",
    "merged_records",
    "number_series",
    "outbox",
}


# Reflecting an index of such a kind warns of an option that Alembic then does not look at.
@pytest.mark.filterwarnings("ignore:Can't validate argument 'dialect_options'")
async def test_tables_are_declared_as_the_migrations_make_them(service: Service, harness: ServiceHarness) -> None:
    metadata = import_module(f"{service.name}.persistence.tables").METADATA
    address = harness.owned.admin_dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address)
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences, metadata) == []
            assert await connection.run_sync(differences, MetaData()) != []
    finally:
        await engine.dispose()


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """What differs between a database and its declarations, keys and indexes aside."""
    options = {"compare_type": True, "compare_server_default": True, "include_object": _is_declared}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _is_declared(_: Any, name: str | None, kind: str, reflected: bool, __: Any) -> bool:
    return kind in ("table", "column") and not (reflected and kind == "table" and name in THE_CHASSIS_S)
