"""The databases at the stack's start: made when new, migrated when any migration's code changed since last time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

from local_stack.layout import SERVICES, Layout
from local_stack.places import ROOT, command
from local_stack.postgres import Postgres
from local_stack.processes import spawn
from local_stack.trouble import CannotRun

MIGRATION_SECONDS_MAX = 120.0

_NOTED = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'postgres'"


async def bring_databases_up_to_date(postgres: Postgres, layout: Layout, say: Callable[[str], None]) -> None:
    """Databases and roles as `provision.sql` has them, then every service's schema as its code has it.

    What was done is noted inside the data folder's own database, so that data and note cannot part. Raises CannotRun.
    """
    wanted = fingerprint(ROOT, layout.database_roles())
    connection = await asyncpg.connect(postgres.dsn())
    try:
        if await connection.fetchval(_NOTED) == wanted:
            return
        say("Making the databases")
        await asyncio.to_thread(postgres.provision, layout.database_roles())
        await asyncio.gather(*(_migrate(layout, service) for service in SERVICES))
        # A comment takes no parameters; the fingerprint is hexadecimal.
        await connection.execute(f"COMMENT ON DATABASE postgres IS '{wanted}'")
    finally:
        await connection.close()


def fingerprint(root: Path, roles: Mapping[str, str]) -> str:
    """A digest of all that the databases are made from."""
    files = [*root.glob("services/*/migrations/**/*.py"), *root.glob("chassis/src/chassis/database/**/*.py")]
    files.append(root / "deploy" / "postgres" / "provision.sql")
    digest = hashlib.sha256(str(sorted(roles.items())).encode())
    for file in sorted(files):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


async def _migrate(layout: Layout, service: str) -> None:
    log = layout.log(f"{service}-migrate")
    child = spawn(f"{service} migrate", [command(service), "migrate"], log=log, env=layout.env(service))
    if not await child.ended(MIGRATION_SECONDS_MAX) or child.process.returncode != 0:
        child.kill()
        raise CannotRun(f"The database of {service} could not be migrated ({log}):\n{child.last_words()}")
