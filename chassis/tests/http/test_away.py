"""A database that is there and does nothing for anybody is waited for as one that is away (`ALL-7`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest
from chassis.broker import Broker
from chassis.database.faults import SESSION_FAULTS, ReadOnly
from chassis.database.lease import Lease
from chassis.database.machinery import SEE_ALL
from chassis.identifiers import new_id
from chassis.messaging.errors import is_transient
from chassis.messaging.relay import Relay
from chassis.testing import ServiceHarness

BOOK = {"title": "Dental anatomy", "pages": [120, 80]}
APP = '"test_shelf_app"'


class Way(NamedTuple):
    """How a database is shut to us, and opened again; `{name}` is its name, `{now}` what it is called meanwhile."""

    shut: str
    opened: str
    now: str = "{name}"


READ_ONLY = Way(
    'ALTER DATABASE "{name}" SET default_transaction_read_only = on',
    'ALTER DATABASE "{name}" RESET default_transaction_read_only',
)
WAYS = {
    "takes no writes": READ_ONLY,
    "lets our role in no more": Way(
        f'REVOKE CONNECT ON DATABASE "{{name}}" FROM {APP}', f'GRANT CONNECT ON DATABASE "{{name}}" TO {APP}'
    ),
    "is called otherwise": Way(
        'ALTER DATABASE "{name}" RENAME TO "{now}"', 'ALTER DATABASE "{now}" RENAME TO "{name}"', "{name}_old"
    ),
}


@asynccontextmanager
async def away(harness: ServiceHarness, way: Way) -> AsyncIterator[None]:
    """All connections end once; afterwards, whoever is still connected stays so."""
    name = harness.owned.name
    names = {"name": name, "now": way.now.format(name=name)}
    admin = await asyncpg.connect(urlsplit(harness.owned.admin_dsn)._replace(path="/postgres").geturl())
    try:
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await admin.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", name)
        await admin.execute(way.shut.format(**names))
        await admin.execute('ALTER DATABASE "{now}" ALLOW_CONNECTIONS true'.format(**names))
        try:
            yield
        finally:
            await admin.execute(way.opened.format(**names))
    finally:
        await admin.close()


def arrived(harness: ServiceHarness, clinic_id: UUID) -> Any:
    (subscription,) = harness.service.subscriptions
    (handler,) = subscription.handlers.values()
    return handler.__globals__["BookArrived"](occurred_at=datetime.now(UTC), clinic_id=clinic_id, title="arrived")


@pytest.mark.parametrize("way", WAYS)
async def test_database_that_is_shut_is_waited_for_by_everybody_and_nobody_is_started_again(
    harness: ServiceHarness, way: str
) -> None:
    """ALL-7: it was a 500, said to be ready, and the end of the worker."""
    clinic, key = new_id(), {"Idempotency-Key": "once"}
    message = arrived(harness, clinic)
    async with harness.client("books:read books:write", clinic) as client:
        async with away(harness, WAYS[way]):
            refused = await client.post("/v1/books", json=BOOK, headers=key)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "failed")
            with pytest.raises(SESSION_FAULTS) as fault:
                await harness.deliver(message)
            assert is_transient(fault.value)
        assert (await client.get("/health/ready")).status_code == 200
        assert (await client.post("/v1/books", json=BOOK, headers=key)).status_code == 201
        await harness.deliver(message)
        titles = {book["title"] for book in (await client.get("/v1/books")).json()["items"]}
    assert titles == {"Dental anatomy", "arrived"}


async def test_nothing_is_published_from_a_database_that_takes_no_writes(harness: ServiceHarness) -> None:
    """ALL-7: what is published cannot be marked there, so that it would be published again and again."""
    relay = Relay("shelf", harness.database.url, Broker("127.0.0.1:9"), harness.database.bell)
    await harness.deliver(arrived(harness, new_id()))
    assert await relay._lease.take("relay:shelf")
    await relay._lease.connection().execute(f"{SEE_ALL}; SET default_transaction_read_only = on")
    with pytest.raises(ReadOnly):
        await relay.publish_batch()
    await relay._lease.close()


async def test_no_lease_is_had_of_a_database_that_takes_no_writes(harness: ServiceHarness) -> None:
    """ALL-7: a standby's locks hold off nobody who asks the server that takes them."""
    lease = Lease(harness.database.url, "holder")
    async with away(harness, READ_ONLY):
        with pytest.raises(ReadOnly):
            await lease.take("a thing")
        assert not lease.held
    assert await lease.take("a thing")
    await lease.close()
