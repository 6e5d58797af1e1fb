"""Every topic heard again from its first record changes no row of any table; a projection built anew is the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from contracts.participants import LISTENS
from local_stack.layout import SERVICES
from local_stack.places import command
from local_stack.supervisor import Stack

FIRST = "2000-01-01T00:00Z"


@dataclass(frozen=True)
class Projection:
    """What a service keeps of what others announced, and nothing else: no number and no clock of its own is in it.

    Its topics are heard in this order: a replay sets aside what needs something that has not come, and no worker runs
    to try it again.
    """

    tables: Sequence[str]
    topics: Sequence[str]


PROJECTIONS = {
    "invoicing": Projection(("patients", "patient_words"), ("dental.patients.v1",)),
    "payments": Projection(("clinics", "clinic_directory"), ("billing.clinics.v1",)),
    "receipts": Projection(
        (
            "clinic_versions",
            "installment_plan_versions",
            "installment_plans",
            "invoices",
            "notes",
            "patient_versions",
            "patients",
        ),
        ("billing.clinics.v1", "dental.patients.v1", "billing.invoices.v1"),
    ),
    "notifications": Projection(
        ("clinics", "patients", "invoices", "installment_plans", "transactions", "receipts"),
        (
            "billing.clinics.v1",
            "dental.patients.v1",
            "billing.invoices.v1",
            "billing.payments.v1",
            "billing.receipts.v1",
        ),
    ),
}
"""What can be built anew from topics alone. The rest of what invoicing and payments hear is decided upon beside what is
their own (drafts, settlements, allocations), and is added up from that by their proofs (`ALL-8`)."""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
Rows = dict[str, Counter[str]]
"""How often each row is there, by its digest, by table."""


async def changed_by_replay(stack: Stack, projections: Mapping[str, Projection]) -> list[str]:
    """What is not as it was, or not as in the first place, in words. Stops all services; nothing may be under way."""
    for service in SERVICES:
        await stack.stop_service(service)
    before = {service: await _rows(stack.database_dsn(service)) for service in SERVICES}
    wrong: list[str] = []
    for service in SERVICES:
        wrong += [line for topic in topics_of(service) for line in await _replayed(stack, service, topic)]
    for service in SERVICES:
        wrong += unlike(f"{service}, replayed", before[service], await _rows(stack.database_dsn(service)))
    for service, projection in projections.items():
        rebuilt, trouble = await _rebuilt(stack, service, projection)
        kept = {table: before[service][table] for table in projection.tables}
        wrong += trouble + unlike(f"{service}, built anew", kept, rebuilt)
    return wrong


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
    return await run_command(stack, service, ["replay", "--topic", topic, "--from", FIRST], told)


async def run_command(
    stack: Stack, service: str, words: Sequence[str], told: Mapping[str, str] | None = None
) -> list[str]:
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


async def _rebuilt(stack: Stack, service: str, projection: Projection) -> tuple[Rows, list[str]]:
    """The rows of a service on an empty database that has heard these topics, and what failed."""
    name = f"{service}_rebuilt"
    admin = await asyncpg.connect(stack.database_dsn("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{name}" OWNER {service}_owner')
        await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {service}_app')
    finally:
        await admin.close()
    told = {
        variable: stack.layout.database_url(service, role).removesuffix(f"/{service}") + f"/{name}"
        for variable, role in (("DATABASE_URL", "app"), ("MIGRATION_DATABASE_URL", "owner"))
    }
    failed = await run_command(stack, service, ["migrate"], told)
    for topic in projection.topics:
        failed += await _replayed(stack, service, topic, told)
    return await _rows(stack.database_dsn(name)), failed
