"""Migrations: bring a service's database to the schema of its code, as the owning role, once however many try."""

from __future__ import annotations

from pathlib import Path
from time import sleep

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from chassis.database.address import engine as engine_of

ENVIRONMENT = Path(__file__).with_name("alembic")
MIGRATION_LOCK = 7_305_011_968
"""An advisory lock: replicas that start together migrate one after the other."""
LOCK_PAUSE_SECONDS = 0.2


def alembic_config(migrations: Path, connection: Connection | None = None) -> Config:
    """Alembic's configuration for a service: the shared environment, its own versions."""
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(migrations / "versions"))
    config.attributes["connection"] = connection
    return config


async def migrate(url: str, migrations: Path) -> str | None:
    """Upgrade the database at `url` (the owning role's) to the newest version, and return that version."""
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_upgrade, migrations)
    finally:
        await engine.dispose()


def _lock(connection: Connection) -> None:
    """Wait in transactions that end: an index that is built concurrently waits for all that are open."""
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK}):
        connection.commit()
        sleep(LOCK_PAUSE_SECONDS)
    connection.commit()


def _upgrade(connection: Connection, migrations: Path) -> str | None:
    config = alembic_config(migrations, connection)
    head = ScriptDirectory.from_config(config).get_current_head()
    _lock(connection)
    try:
        if MigrationContext.configure(connection).get_current_revision() != head:
            connection.commit()
            command.upgrade(config, "head")
        connection.commit()
    finally:
        # After a failure the transaction is void, and its own error must be the one that is seen.
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()
    return head
