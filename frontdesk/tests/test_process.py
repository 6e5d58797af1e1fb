"""The front desk as a process, which is where strangers arrive: nothing that they hold open is without a bound."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from chassis.testing.processes import NOWHERE, answer_to, answering, free_port, process_of
from told_services import SECRET

RUN = (sys.executable, "-c", "import sys; from frontdesk.main import main; sys.exit(main())")
URLS = ("PROVIDER_URL", "INVOICING_URL", "PAYMENTS_URL", "RECEIPTS_URL", "NOTIFICATIONS_URL")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def port(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[int]:
    """A process that waits for a second only, and has room for four connections."""
    at = free_port()
    told = {"ENVIRONMENT": "local", "SESSION_SECRET": SECRET, "HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(at)}
    told |= dict.fromkeys(URLS, f"http://{NOWHERE}") | {"HTTP_HEAD_SECONDS": "1", "HTTP_CONNECTIONS_MAX": "4"}
    log = tmp_path_factory.mktemp("desk") / "log"
    async with process_of(RUN, {**os.environ, **told}, log) as process:
        await answering(f"http://127.0.0.1:{at}/health/live")
        yield at
        process.terminate()
        assert await process.wait() == 0, log.read_text()


async def test_what_is_no_request_is_a_problem_document(port: int) -> None:
    """ALL-2.1."""
    answer = await answer_to(port, b"GET /api/payments/v1/payments HTTP/1.1\r\nHost: x\r\nX: \x7f\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"urn:problem:dental-billing:bad-request" in answer


async def test_who_never_ends_a_head_is_ended(port: int) -> None:
    assert (await answer_to(port, b"GET / HTTP/1.1\r\nHost: x\r\n")).startswith(b"HTTP/1.1 408")


async def test_who_holds_every_connection_gives_way(port: int) -> None:
    """ALL-4."""
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
    asked = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert (await answer_to(port, asked)).startswith(b"HTTP/1.1 200")
    for _, writer in held:
        writer.close()


async def test_a_form_without_end_is_refused(port: int) -> None:
    """Nobody needs to be signed in to send one."""
    head = b"POST /patients HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answer = await answer_to(port, head + chunk * 40 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
