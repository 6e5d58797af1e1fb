"""The machine that sends vanishes without a goodbye: another goes on, and nothing is mailed twice (`NOT-3`)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.messaging.leased_queue import POLL_SECONDS
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.line import line_to
from chassis.testing.processes import free_port, process_of, served
from contracts.notifications import NotificationSent
from local_stack.edge.collector import LineFile, collector_routes, measured
from notifications.app import service
from notifications.jobs.send_messages import LEASE, Sending
from notifications.use_cases.reserve_message import RESERVATION_LASTS
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PDF = b"%PDF-1.7 the very bytes\n%%EOF"
LONGEST_SECONDS = 90.0
"""Half a minute is promised; the rest is a busy machine's."""
EARLIER, LATER = 6, 2

pytestmark = pytest.mark.xdist_group("vanished-sending")


def test_what_a_sender_that_vanished_had_taken_is_due_again_within_half_a_minute() -> None:
    """Whoever is left looks for it as soon as its lease is over."""
    assert LEASE + timedelta(seconds=POLL_SECONDS) < timedelta(seconds=30)
    assert LEASE < RESERVATION_LASTS


async def test_what_was_leased_where_the_network_is_gone_is_sent_elsewhere_once_its_lease_is_over(
    desk: Any, practice: Any
) -> None:
    """NOT-3: whoever lost the database may still reach the mail server, and sends nothing that it has not claimed."""
    asked, answered = asyncio.Event(), asyncio.Event()
    real = desk.harness.resources.state.sending

    class Slow:
        async def fetch(self, *given: Any, **more: Any) -> bytes:
            pdf: bytes = await real.documents.fetch(*given, **more)
            asked.set()
            await answered.wait()
            return pdf

    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    async with line_to(desk.harness.database.url) as (line, address):
        apart = Database(address, clock=desk.clock, name="apart")
        gone = Sending(apart, desk.clock, real.channels, Slow())  # type: ignore[arg-type]
        assert await gone.start_due() == 1
        await asked.wait()
        line.vanish()
        answered.set()
        assert await real.start_due() == 0
        desk.clock.advance(LEASE - timedelta(seconds=1))
        assert await real.start_due() == 0
        assert desk.mail.taken == []
        desk.clock.advance(timedelta(seconds=1))
        assert await real.start_due() == 1
        await real.finish()
        assert len(desk.mail.taken) == 1
        for task in gone.in_work:
            task.cancel()
        await asyncio.wait(list(gone.in_work))
        await apart.close()
    await desk.send(after=timedelta(days=1))
    assert len(desk.mail.taken) == 1


@dataclass
class Receipts:
    """The receipts service and the issuer of its tokens; what is asked for is given once `open` is set.

    Until then each who asks gives up after a moment and asks again, so that something is always in work.
    """

    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def give_token(self, _: Request) -> Response:
        return JSONResponse({"access_token": "token", "expires_in": 300})

    async def say_which_are_made(self, request: Request) -> Response:
        wanted = request.query_params.multi_items()
        return JSONResponse({"items": [{"kind": kind, "id": one, "state": "ready"} for kind, one in wanted]})

    async def give_pdf(self, _: Request) -> Response:
        self.asked += 1
        await self.open.wait()
        return Response(PDF, media_type="application/pdf")

    def routes(self) -> list[Route]:
        return [
            Route("/token", self.give_token, methods=["POST"]),
            Route("/v1/documents", self.say_which_are_made),
            Route("/v1/{kind}/{id}/pdf", self.give_pdf),
        ]


@pytest_asyncio.fixture(loop_scope="session")
async def real_time(request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
    async with running(service, admin_dsn(request), clock=SystemClock()) as one:
        yield one


@pytest.mark.timeout(300)
async def test_another_worker_sends_and_publishes_what_the_vanished_one_had_taken(
    real_time: ServiceHarness, smtp: Any, kafka_server: str, tmp_path: Path, new_practice: Any
) -> None:
    """NOT-3, ALL-7: of two processes as they run; readiness and metrics say meanwhile who does not get on."""
    receipts, told = Receipts(), LineFile(tmp_path / "metrics.jsonl")
    first, second = free_port(), free_port()
    smtp.forget()
    await _create_topics(kafka_server)
    async with (
        served(Starlette(routes=receipts.routes())) as receipts_address,
        served(Starlette(routes=collector_routes(LineFile(tmp_path / "spans.jsonl"), told))) as collector,
        line_to(real_time.owned.app_url) as (line, address),
    ):
        around = {
            "KAFKA_BOOTSTRAP": kafka_server,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(smtp.port),
            "RECEIPTS_URL": receipts_address,
            "TOKEN_URL": f"{receipts_address}/token",
            "CLIENT_ID": "notifications",
            "CLIENT_SECRET": "secret of this test",
            "OTLP_ENDPOINT": collector,
            "METRICS_SECONDS": "0.5",
        }
        await _deliver(real_time, new_practice(), EARLIER)
        command = [str(Path(sys.executable).with_name("notifications")), "worker"]
        gone_env = _env(address, first, around)
        left_env = _env(real_time.owned.app_url, second, around)
        async with process_of(command, gone_env, tmp_path / "first") as gone:
            await eventually(lambda: _all_asked(receipts), within_seconds=LONGEST_SECONDS)
            await eventually(lambda: _leads(first), within_seconds=LONGEST_SECONDS)
            async with process_of(command, left_env, tmp_path / "second") as left:
                await eventually(lambda: _is(second, 200), within_seconds=LONGEST_SECONDS)
                line.vanish()
                receipts.open.set()
                await _deliver(real_time, new_practice(), LATER)
                await eventually(lambda: _mailed(smtp, EARLIER + LATER), within_seconds=LONGEST_SECONDS)
                failing = {"sending": "failed", "relay": "failed"}
                await eventually(lambda: _is(first, 503, **failing), within_seconds=LONGEST_SECONDS)
                await eventually(lambda: _leads(second), within_seconds=LONGEST_SECONDS)
                await eventually(lambda: _all_published(second), within_seconds=LONGEST_SECONDS)
                await eventually(lambda: _collected(told, gone.pid, left.pid), within_seconds=LONGEST_SECONDS)
    assert set(Counter(mail["Message-ID"] for mail in smtp.taken).values()) == {1}


@pytest.fixture
def new_practice(practice: Any) -> Any:
    """Makes clinics with a patient, as of now."""
    return lambda: type(practice)(at=datetime.now(UTC))


def _env(url: str, port: int, around: dict[str, str]) -> dict[str, str]:
    own = {"DATABASE_URL": url, "HEALTH_PORT": str(port), "ENVIRONMENT": "local", "DRAIN_SECONDS": "1"}
    return {**os.environ, "HTTP_HOST": "127.0.0.1"} | around | own


async def _create_topics(bootstrap: str) -> None:
    """Those that it listens to, and the one that it tells in."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names = {NotificationSent.topic, *(subscription.topic for subscription in service.subscriptions)} - {
            *await admin.list_topics()
        }
        await admin.create_topics([NewTopic(name, 1, 1) for name in sorted(names)])
    finally:
        await admin.close()


async def _deliver(harness: ServiceHarness, practice: Any, count: int) -> None:
    payments = [practice.paid() for _ in range(count)]
    await harness.deliver(practice.configured(), practice.registered(), *payments, *map(practice.receipt, payments))


async def _all_asked(receipts: Receipts) -> bool:
    return receipts.asked >= EARLIER


async def _mailed(smtp: Any, count: int) -> bool:
    return len(smtp.taken) == count


async def _readiness(port: int) -> tuple[int, dict[str, Any]] | None:
    async with httpx.AsyncClient() as client:
        try:
            answer = await client.get(f"http://127.0.0.1:{port}/health/ready", timeout=10)
        except httpx.TransportError:
            return None
    return answer.status_code, answer.json()


async def _is(port: int, status: int, **checks: str) -> bool:
    said = await _readiness(port)
    return said is not None and said[0] == status and checks.items() <= said[1]["checks"].items()


async def _figure(port: int, name: str) -> float | None:
    said = await _readiness(port)
    return None if said is None else said[1].get("figures", {}).get(name)


async def _leads(port: int) -> bool:
    return await _figure(port, "relay_leads") == 1


async def _all_published(port: int) -> bool:
    return await _figure(port, "outbox_unpublished") == 0


async def _collected(told: LineFile, gone: int, left: int) -> bool:
    """The collector was told by the one that lost its database that it does not get on, and by the other who leads."""
    troubled = [one for one in measured(told, "dental_billing.loops.troubled") if one.value]
    leading = [one.value for one in measured(told, "dental_billing.relay.leads") if one.instance.endswith(f"-{left}")]
    of_gone = {one.attributes["loop"] for one in troubled if one.instance.endswith(f"-{gone}")}
    return {"sending", "relay"} <= of_gone and leading[0] == 0 and leading[-1] == 1
