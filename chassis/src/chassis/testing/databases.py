"""Databases for tests: a service's migrations run once into a template, and each test module gets a copy of it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

import chassis.database
from chassis.database.migrations import migrate

_LOCK = 7_305_011_969
_PASSWORD = "test"  # noqa: S105 - of roles that exist on a test server only


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """One database as its two roles reach it."""

    __test__ = False

    name: str
    app_url: str
    owner_url: str
    admin_dsn: str


@asynccontextmanager
async def migrated_database(
    admin_dsn: str, service: str, migrations: Path, *, backup_of: TestDatabase | None = None
) -> AsyncIterator[TestDatabase]:
    """A database of its own with the service's schema, or with all that another has now, dropped in the end.

    A backup ends all connections to the database that it is of.
    `admin_dsn` is a superuser's. The roles are as in production, but named `test_<service>_owner` and `…_app`, so that
    a server that also runs a stack keeps its own.
    """
    admin = await asyncpg.connect(admin_dsn)
    name = f"test_{service}_{secrets.token_hex(6)}"
    try:
        async with _locked(admin):
            await _ensure_roles(admin, service)
            template = backup_of.name if backup_of else await _ensure_template(admin, admin_dsn, service, migrations)
            if backup_of:
                await _close(admin, template)
            # Its files as they are: a test server keeps no log of writes that would have to have each of their pages.
            copied = f'TEMPLATE "{template}" STRATEGY file_copy OWNER "test_{service}_owner"'
            await admin.execute(f'CREATE DATABASE "{name}" {copied}')
            if backup_of:
                await admin.execute(f'ALTER DATABASE "{template}" ALLOW_CONNECTIONS true')
            await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
            await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "test_{service}_app"')
        yield TestDatabase(
            name=name,
            app_url=_url(admin_dsn, f"test_{service}_app", name),
            owner_url=_url(admin_dsn, f"test_{service}_owner", name),
            admin_dsn=urlsplit(admin_dsn)._replace(path=f"/{name}").geturl(),
        )
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()


async def _close(admin: asyncpg.Connection, name: str) -> None:
    """Let nobody reach a database, who would come again at once."""
    await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await admin.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", name)


async def make_template(admin_dsn: str, service: str, migrations: Path) -> None:
    """Make what `migrated_database` copies, as far as it is not there yet: the roles, and the migrated template."""
    admin = await asyncpg.connect(admin_dsn)
    try:
        async with _locked(admin):
            await _ensure_roles(admin, service)
            await _ensure_template(admin, admin_dsn, service, migrations)
    finally:
        await admin.close()


@asynccontextmanager
async def _locked(admin: asyncpg.Connection) -> AsyncIterator[None]:
    """One test process at a time makes templates and copies: a template must have no other connection."""
    await admin.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        yield
    finally:
        await admin.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _ensure_roles(admin: asyncpg.Connection, service: str) -> None:
    for role, inherit in ((f"test_{service}_owner", ""), (f"test_{service}_app", "NOINHERIT")):
        if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            options = f"LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS {inherit}"
            await admin.execute(f"CREATE ROLE \"{role}\" {options} PASSWORD '{_PASSWORD}'")


async def _ensure_template(admin: asyncpg.Connection, admin_dsn: str, service: str, migrations: Path) -> str:
    """The template of these very migrations; those of older ones are dropped."""
    stem = f"template_{service}_"
    name = stem + _digest(migrations)
    if await admin.fetchval("SELECT datistemplate FROM pg_database WHERE datname = $1", name):
        return name
    for row in await admin.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", stem):
        await admin.execute(f'ALTER DATABASE "{row["datname"]}" IS_TEMPLATE false')
        await admin.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
    owner = f"test_{service}_owner"
    await admin.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0 ENCODING \'UTF8\'')
    await migrate(_url(admin_dsn, owner, name), migrations)
    # Marked last: a half-made one is made anew.
    await admin.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    return name


def _digest(migrations: Path) -> str:
    digest = hashlib.sha256()
    own = Path(chassis.database.__file__).parent
    for folder in (migrations, own):
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _url(admin_dsn: str, role: str, database: str) -> str:
    parts = urlsplit(admin_dsn)
    host = parts.netloc.rpartition("@")[2]
    asked = f"?{parts.query}" if parts.query else ""
    return f"postgresql+asyncpg://{role}:{_PASSWORD}@{host}/{database}{asked}"
