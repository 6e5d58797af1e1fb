"""What carries requests to the services, before a socket: nobody's cookies, bytes as they are, and faults by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from frontdesk.clients import Refused, Services, Unreachable
from frontdesk.clients.carrier import CONNECTIONS_MAX, Carrier, no_cookies
from told_services import Office

ANSWER = b'HTTP/1.1 200 OK\r\nETag: "7"\r\nSet-Cookie: a=b\r\nContent-Length: 8\r\n\r\n{"a": 1}'
GARBAGE = b"what is none of HTTP\r\n\r\n"
Told = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def before(told: Told, seconds: float = 5.0) -> AsyncIterator[Services]:
    """The services as one person asks them, all at a socket that does what it is told."""
    server = await asyncio.start_server(told, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with httpx.AsyncClient(timeout=seconds, cookies=no_cookies(), transport=Carrier()) as http:
        yield Services(http, {"payments": url}, "token")
    server.close()


def answering(answer: bytes, heads: list[bytes], connections: list[Any] | None = None) -> Told:
    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if connections is not None:
            connections.append(writer)
        while True:
            try:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()
                return
            writer.write(answer)

    return told


async def test_requests_of_two_persons_share_connections_and_no_cookies() -> None:
    """ALL-5: what a service sets for one is sent for no other."""
    heads: list[bytes] = []
    connections: list[Any] = []
    async with before(answering(ANSWER, heads, connections)) as services:
        for _ in range(3):
            answer = await services.read("payments", "/v1/payments/{}", "a/b", cursor="x+y&z", state=["a", "b"])
    assert (answer.body, answer.etag, len(connections)) == ({"a": 1}, '"7"', 1)
    assert {head.partition(b" HTTP")[0] for head in heads} == {
        b"GET /v1/payments/a%2Fb?cursor=x%2By%26z&state=a&state=b"
    }
    assert not any(b"cookie" in head.lower() for head in heads)
    assert all(head.lower().count(b"authorization: bearer token") == 1 for head in heads)


async def test_no_more_connections_are_opened_than_there_may_be() -> None:
    """ALL-4: who asks beyond them waits for one."""
    connections: list[Any] = []
    async with before(answering(ANSWER, [], connections)) as services:
        asking = (services.get("payments", "/v1/payments") for _ in range(2 * CONNECTIONS_MAX))
        answers = await asyncio.gather(*asking)
    assert (len(answers), len(connections)) == (2 * CONNECTIONS_MAX, CONNECTIONS_MAX)


@pytest.mark.parametrize("answer", [GARBAGE, b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", ANSWER[:-2]])
async def test_what_is_no_answer_is_a_service_that_does_not_answer(answer: bytes) -> None:
    """ALL-7: garbage, a refusal for now, an answer that ends in the middle."""

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with before(told) as services:
        with pytest.raises(Unreachable, match="payments"):
            await services.get("payments", "/v1/payments")


async def test_an_answer_that_never_ends_is_waited_for_so_long_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-7: aiohttp waits for ever for the rest of what is no chunk, whatever may pass between two reads."""
    monkeypatch.setattr("frontdesk.clients.services.WHOLE_SECONDS", 0.5)

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(0.1)  # its head is read by then
        writer.write(b"no length\r\n")
        await reader.read()
        writer.close()

    async with before(told) as services, asyncio.timeout(10):
        with pytest.raises(Unreachable, match="payments"):
            await services.get("payments", "/v1/payments")


async def test_who_is_silent_or_not_there_does_not_answer() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with before(silent, seconds=0.2) as services:
        with pytest.raises(Unreachable, match="payments"):
            await services.get("payments", "/v1/payments")
    async with httpx.AsyncClient(transport=Carrier()) as http:
        with pytest.raises(Unreachable, match="payments"):
            await Services(http, {"payments": "http://127.0.0.1:1"}, "token").get("payments", "/v1/payments")


async def test_a_change_goes_with_its_key_and_version_and_a_refusal_comes_back_with_its_problem() -> None:
    """ALL-1, ALL-3."""
    heads: list[bytes] = []
    problem = b'{"type": "urn:problem:dental-billing:in-use"}'
    refused = b"HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n%b"
    async with before(answering(refused % (len(problem), problem), heads)) as services:
        with pytest.raises(Refused) as found:
            await services.change("payments", "/v1/x", key="one", version='"3"')
    assert (found.value.status, found.value.slug) == (409, "in-use")
    (head,) = heads
    assert head.startswith(b"POST /v1/x HTTP/1.1")
    for said in (b"idempotency-key: one", b'if-match: "3"', b"content-length: 0"):
        assert said in head.lower()


async def test_what_a_service_sets_for_one_is_sent_for_nobody(desk: Office) -> None:
    """ALL-5: neither with a page's requests nor with those that are passed on."""
    desk.sign_in()
    groups = {"items": [], "next": None}
    desk.answers["GET payments /v1/payment-groups"] = httpx.Response(200, json=groups, headers={"set-cookie": "a=b"})
    for path in ("/settings/groups", "/api/payments/v1/payment-groups"):
        for _ in range(2):
            assert (await desk.get(path)).status_code == 200
    assert [one.url.path for one in desk.asked if "cookie" in one.headers] == []
