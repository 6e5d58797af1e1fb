"""Every topic heard again from its first record changes no row of any table; a projection built anew is the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

import asyncpg
from contracts.participants import LISTENS
from local_stack.layout import SERVICES
from local_stack.places import command
from local_stack.supervisor import Stack

FIRST = "2000-01-01T00:00Z"
REBUILT = "receipts_rebuilt"
PROJECTED = ("clinic_versions", "invoices", "notes", "patient_versions", "patients")
"""What receipts keeps of what others announced, and nothing else: no number and no clock of its own is in it."""
PROJECTED_FROM = ("billing.clinics.v1", "dental.patients.v1", "billing.invoices.v1")
"""In this order: a replay sets aside what needs something that has not come, and no worker runs to try it again."""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
Rows = dict[str, Counter[str]]
"""How often each row is there, by its digest, by table."""


async def changed_by_replay(stack: Stack) -> list[str]:
    """What is not as it was, or not as in the first place, in words. Stops all services; nothing may be under way."""
    for service in SERVICES:
        await stack.stop_service(service)
    before = {service: await _rows(stack.database_dsn(service)) for service in SERVICES}
    wrong: list[str] = []
    for service in SERVICES:
        wrong += [line for topic in topics_of(service) for line in await _replayed(stack, service, topic)]
    for service in SERVICES:
        wrong += unlike(f"{service}, replayed", before[service], await _rows(stack.database_dsn(service)))
    rebuilt, trouble = await _rebuilt(stack)
    projected = {table: before["receipts"][table] for table in PROJECTED}
    return wrong + trouble + unlike("receipts, built anew", projected, {table: rebuilt[table] for table in PROJECTED})


def topics_of(service: str) -> list[str]:
    """The topics that a service listens to."""
    return sorted({event.topic for event in LISTENS[service]})


def unlike(what: str, before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> list[str]:
    """In which tables rows have come or gone, in words."""
    return [
        f"{what}: {(after[table] - rows).total()} rows of {table} came, {(rows - after[table]).total()} went"
        for table, rows in before.items()
        if rows != after[table]
    ]


async def _rows(dsn: str) -> Rows:
    connection = await asyncpg.connect(dsn)
    try:
        found: Rows = {}
        for table in await connection.fetch(_TABLES):
            name = table["tablename"]
            digests = await connection.fetch(f'SELECT md5(t::text) AS digest FROM "{name}" AS t')  # noqa: S608
            found[name] = Counter(row["digest"] for row in digests)
        return found
    finally:
        await connection.close()


async def _replayed(stack: Stack, service: str, topic: str, told: Mapping[str, str] | None = None) -> list[str]:
    return await _run(stack, service, ["replay", "--topic", topic, "--from", FIRST], told)


async def _run(stack: Stack, service: str, words: Sequence[str], told: Mapping[str, str] | None) -> list[str]:
    """Run a service's command; what it says where it fails."""
    process = await asyncio.create_subprocess_exec(
        command(service),
        *words,
        env=stack.layout.env(service) | dict(told or {}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        return [f"{service} {' '.join(words)} ended with {process.returncode}: {said.decode()[-500:]}"]
    return []


async def _rebuilt(stack: Stack) -> tuple[Rows, list[str]]:
    """The rows of receipts on an empty database that has heard of everything but payments, and what failed."""
    admin = await asyncpg.connect(stack.database_dsn("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{REBUILT}" OWNER receipts_owner')
        await admin.execute(f'GRANT CONNECT ON DATABASE "{REBUILT}" TO receipts_app')
    finally:
        await admin.close()
    told = {
        name: stack.layout.database_url("receipts", role).removesuffix("/receipts") + f"/{REBUILT}"
        for name, role in (("DATABASE_URL", "app"), ("MIGRATION_DATABASE_URL", "owner"))
    }
    failed = await _run(stack, "receipts", ["migrate"], told)
    for topic in PROJECTED_FROM:
        failed += await _replayed(stack, "receipts", topic, told)
    return await _rows(stack.database_dsn(REBUILT)), failed
