"""More than can be answered, at a real service's process: refused while it comes (`ALL-4`)."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from chassis.testing import ServiceHarness, service_fixture
from chassis.testing.processes import answering, environment, free_port, keys_of, process_of
from payments.app import service as payments

PLACES, SHARE = 4, 3
"""Connections to the database, in which requests are in work, and how many of them one clinic may have."""
CLIENTS = 40
PAID = {"patient_id": str(uuid4()), "method": "cash", "amount": {"amount": "10.00", "currency": "USD"}}

harness = service_fixture(payments)


@pytest.fixture
async def process(harness: ServiceHarness, tmp_path: Path) -> AsyncIterator[str]:
    """The API of payments as it is in use, with few connections; its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(Path(sys.executable).with_name("payments")), "api"]
    async with keys_of(harness.issuer) as keys:
        told = environment(harness, HTTP_PORT=str(port), JWKS_URL=keys, TOKEN_ISSUER=harness.issuer.issuer)
        told |= {"ENVIRONMENT": "local", "DATABASE_POOL_SIZE": str(PLACES), "LINE_SECONDS": "0.5"}
        async with process_of(command, told, tmp_path / "log"):
            await answering(f"{url}/health/live")
            yield url


@asynccontextmanager
async def nothing_read_or_written(harness: ServiceHarness) -> AsyncIterator[None]:
    """Every table is locked meanwhile: whoever is in work stays there, however fast the machine is."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {', '.join(name for (name,) in names)} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def clients(harness: ServiceHarness, url: str, clinic_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {harness.issuer.token(clinic_id)}"}
    limits = httpx.Limits(max_connections=2 * CLIENTS)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=120, limits=limits) as client:
        yield client


@pytest.mark.timeout(180)
async def test_more_than_can_be_answered_is_refused_while_it_comes_with_when_to_ask_again(
    harness: ServiceHarness, process: str
) -> None:
    """ALL-4: the database answers nobody meanwhile, so whoever is told anything is told without waiting for it."""
    async with clients(harness, process, uuid4()) as many, clients(harness, process, uuid4()) as other:
        async with nothing_read_or_written(harness):
            ours = [asyncio.create_task(many.get("/v1/payments")) for _ in range(CLIENTS)]
            refused = [await one for _, one in zip(range(CLIENTS - SHARE), asyncio.as_completed(ours), strict=False)]
            paying = await many.post("/v1/payments", json=PAID, headers={"Idempotency-Key": "refused"})
            theirs = [asyncio.create_task(other.get("/v1/payments")) for _ in range(CLIENTS)]
            also = [await one for _, one in zip(range(CLIENTS - 1), asyncio.as_completed(theirs), strict=False)]
        assert problems([*refused, paying]) == {(429, "too-many-requests"): CLIENTS - SHARE + 1}
        assert problems(also) == {(503, "overloaded"): CLIENTS - 1}, "the last place was left to them"
        for answer in (*refused, paying, *also):
            assert int(answer.headers["Retry-After"]) >= 1
        in_work = [await task for task in (*ours, *theirs)]
        assert [one.status_code for one in in_work].count(200) == SHARE + 1
        assert (await many.get("/v1/payments")).status_code == 200, "it has recovered"
        again = await many.post("/v1/payments", json=PAID, headers={"Idempotency-Key": "refused"})
        assert (again.status_code, "Idempotency-Replayed" in again.headers) == (409, False), again.text


def problems(answers: Sequence[httpx.Response]) -> Counter[tuple[int, str]]:
    """How often what was the problem."""
    return Counter((answer.status_code, str(answer.json()["type"]).rpartition(":")[2]) for answer in answers)
