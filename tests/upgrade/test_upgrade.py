"""The release before this one and this one work beside each other, while one takes the other's place (`ALL-7`).

What it left behind is kept in `previous/` (`keep_release.py`): databases that its own code filled, and its events.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from beside import golden_messages, message_of, service_named
from chassis.database.migrations import migrate
from chassis.messaging import Message
from chassis.service import Service
from chassis.testing.databases import TestDatabase
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from contracts.releases import versions
from jsonschema import Draft202012Validator
from left_behind import Column, columns, examples, left_behind, rows_of, superuser

ROOT = Path(__file__).parents[2]
SERVICES = ("invoicing", "payments", "receipts", "notifications")
WAITS = "10s"
"""As long as somebody who asks for something has patience; a migration waits for its own locks less than that."""
OK, SERVERS_FAULT = 200, 500
SEVERAL = 3
ADDED = """
CREATE FUNCTION added(document JSONB) RETURNS JSONB LANGUAGE SQL AS $$
SELECT CASE jsonb_typeof(document)
    WHEN 'object' THEN (SELECT COALESCE(jsonb_object_agg(name, added(value)), '{}')
        FROM jsonb_each(document) AS m (name, value)) || '{"of_a_later_release": "said"}'
    WHEN 'array' THEN (SELECT COALESCE(jsonb_agg(
            CASE WHEN jsonb_typeof(value) = 'array' THEN added(value) || '["said"]' ELSE added(value) END), '[]')
        FROM jsonb_array_elements(document) AS a (value))
    ELSE document END
$$
"""
"""Each object of a document, and each list in a list, with one member more."""
EXAMPLES_CLINIC = message_of(examples()[0]).clinic_id
NOTED = ("inbox", "dead_letters")
"""What a message that was handled before may still be noted in."""


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> Service:
    """Each service in turn."""
    return service_named(request.param)


@pytest.fixture(scope="module")
async def upgraded(service: Service, request: pytest.FixtureRequest) -> AsyncIterator[TestDatabase]:
    """A database of that release, migrated while work went on in each of its tables."""
    async with left_behind(service, admin_dsn(request)) as owned:
        before = await columns(owned)
        async with worked_in(owned) as done:
            await migrate(owned.owner_url, service.migrations)
        assert done, "nobody worked meanwhile"
        assert_readable(before, await columns(owned))
        yield owned


@pytest.fixture(scope="module")
async def harness(
    service: Service, upgraded: TestDatabase, request: pytest.FixtureRequest
) -> AsyncIterator[ServiceHarness]:
    """This release on that database."""
    async with running(service, admin_dsn(request), backup_of=upgraded) as one:
        yield one


@asynccontextmanager
async def worked_in(owned: TestDatabase) -> AsyncIterator[list[str]]:
    """While it lasts, each table is read and locked as by whoever writes it; whoever waits too long fails the test."""
    done: list[str] = []
    stop = asyncio.Event()

    async def work() -> None:
        async with superuser(owned) as connection:
            await connection.execute(f"SET lock_timeout = '{WAITS}'")
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            while not stop.is_set():
                for (table,) in tables:
                    async with connection.transaction():
                        await connection.execute(f'LOCK TABLE "{table}" IN ROW EXCLUSIVE MODE')
                        await connection.fetchrow(f'SELECT count(*) FROM (SELECT FROM "{table}" LIMIT 1) AS t')  # noqa: S608 - the database's own names
                    done.append(table)

    working = asyncio.create_task(work())
    try:
        yield done
    finally:
        stop.set()
        await working


def assert_readable(before: Sequence[Column], after: Sequence[Column]) -> None:
    """What that release reads is there as it was: nothing gone, of another type, or empty where nothing could be."""
    assert [column for column in before if column not in after] == []


async def differences_of(harness: ServiceHarness) -> list[str]:
    """What each clinic's proof finds, but for that of the examples, whose payments and invoices nobody ever made."""
    found = []
    for clinic in await clinics_of(harness):
        async with harness.client(clinic_id=clinic) as client:
            found += [str(difference) for difference in (await client.get("/v1/prove")).json()["differences"]]
    return found


async def clinics_of(harness: ServiceHarness) -> list[UUID]:
    async with superuser(harness.owned) as connection:
        rows = await connection.fetch("SELECT clinic_id FROM clinic_directory WHERE clinic_id <> $1", EXAMPLES_CLINIC)
    return [row[0] for row in rows]


async def unreadable(harness: ServiceHarness, clinic: UUID) -> list[str]:
    """Each list and figure that this release cannot give of a clinic's rows, and of lists the first ones by itself."""
    readable = {path for path, item in harness.app.openapi()["paths"].items() if "get" in item}
    listed = {path.rpartition("/{")[0] for path in readable if path.count("{") == 1 and path.endswith("}")}
    found = []
    async with harness.client(clinic_id=clinic) as client:
        for path in sorted(path for path in readable if "{" not in path):
            answer = await client.get(path)
            found += _fault(path, answer)
            if path in listed and answer.status_code == OK:
                for item in [item for item in answer.json()["items"] if "id" in item][:SEVERAL]:
                    found += _fault(f"{path}/{item['id']}", await client.get(f"{path}/{item['id']}"))
    return found


def _fault(path: str, answer: httpx.Response) -> list[str]:
    return [f"{path}: {answer.text}"] if answer.status_code >= SERVERS_FAULT else []


async def test_what_that_release_wrote_is_read_by_this_one(harness: ServiceHarness) -> None:
    (clinic,) = await clinics_of(harness)
    assert await differences_of(harness) == []
    assert await unreadable(harness, clinic) == []
    assert await unreadable(harness, EXAMPLES_CLINIC) == []


async def test_what_a_later_release_adds_to_documents_is_passed_over(
    service: Service, upgraded: TestDatabase, request: pytest.FixtureRequest
) -> None:
    """A process reads what the newer one beside it wrote, until its turn to be replaced comes (`ALL-7`)."""
    async with running(service, admin_dsn(request), backup_of=upgraded) as harness:
        async with superuser(harness.owned) as connection:
            await connection.execute(ADDED)
            for column in await columns(harness.owned):
                if column.kind == "jsonb":
                    changed = f'UPDATE "{column.table}" SET "{column.name}" = added("{column.name}")'  # noqa: S608 - the database's own names
                    await connection.execute(changed)
        (clinic,) = await clinics_of(harness)
        assert await unreadable(harness, clinic) == []
        assert await unreadable(harness, EXAMPLES_CLINIC) == []
        assert await differences_of(harness) == []


async def test_what_that_release_handled_is_handled_once(harness: ServiceHarness) -> None:
    """ALL-7."""
    handled = [message_of(example) for example in examples()]
    before = await digests(harness)
    await harness.deliver(*handled)
    assert await digests(harness) == before


async def test_what_that_release_announces_is_understood(service: Service, request: pytest.FixtureRequest) -> None:
    async with running(service, admin_dsn(request)) as harness:
        await harness.deliver(
            *sorted(map(message_of, examples()), key=lambda message: (message.time, message.sequence))
        )
        await harness.retry()
        assert [(one.type, one.reason) for one in await harness.set_aside() if one.state == "dead"] == []


async def test_that_release_goes_on_writing_once_the_database_is_migrated(
    service: Service, request: pytest.FixtureRequest
) -> None:
    """A rolling restart begins with `migrate`: until the last old process has ended, it writes as it is used to."""
    async with running(service, admin_dsn(request)) as harness:
        async with superuser(harness.owned) as connection:
            for statement in rows_of(service.name):
                await connection.execute(statement)
        assert await clinics_of(harness)
        assert await differences_of(harness) == []


def test_what_that_release_could_not_read_is_found() -> None:
    there = [
        Column("payments", "note", "text", may_be_null=True),
        Column("payments", "minor", "int8", may_be_null=False),
    ]
    assert_readable(there, [*there, Column("payments", "more", "text", may_be_null=True)])
    for changed in (
        [],
        [Column("payments", "minor", "numeric", may_be_null=False)],
        [replace(there[1], may_be_null=True)],
    ):
        with pytest.raises(AssertionError):
            assert_readable(there, [there[0], *changed])


@pytest.mark.parametrize("example", golden_messages(), ids=lambda one: one.type)
def test_what_this_release_announces_is_read_by_those_before(example: Message) -> None:
    """By each version that was ever published of the event."""
    published = versions(ROOT, example.type)
    assert published
    for version in published:
        problems = Draft202012Validator(json.loads(version.read_text())).iter_errors(json.loads(example.data))
        assert [problem.message for problem in problems] == [], version.name


async def digests(harness: ServiceHarness) -> dict[str, Any]:
    async with superuser(harness.owned) as connection:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        told = "SELECT count(*), sum(hashtext(t::text)::bigint) FROM {} AS t"
        return {name: tuple(await connection.fetchrow(told.format(name))) for (name,) in names if name not in NOTED}
