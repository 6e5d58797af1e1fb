"""The player's HTTP: kept connections, whatever way the body comes, and errors it can repeat after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from local_stack.practice.wire import Wire

Serving = Callable[..., AbstractAsyncContextManager[Any]]

KEPT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
CLOSING = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


async def test_requests_share_a_connection(serving: Serving) -> None:
    async with serving(KEPT, CHUNKED) as server:
        wire = Wire(connections=1)
        first = await wire.request("GET", f"{server.url}/a?b=1", {"X-Y": "z"})
        second = await wire.request("POST", f"{server.url}/c", {}, b"body")
    assert (first.status, first.headers["content-type"], first.body) == (200, "text/plain", b"ok")
    assert (second.status, second.body) == (201, b"abc")
    assert server.connections == 1
    assert server.asked[0].startswith(b"GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"X-Y: z\r\n" in server.asked[0]
    assert server.asked[1].endswith(b"\r\n\r\nbody")


async def test_a_connection_that_the_server_ends_is_not_used_again(serving: Serving) -> None:
    async with serving(CLOSING, KEPT) as server:
        wire = Wire(connections=1)
        assert (await wire.request("GET", server.url, {})).status == 503
        assert (await wire.request("GET", server.url, {})).status == 200
    assert server.connections == 2


@pytest.mark.parametrize("answer", [b"", b"SMTP 220 hello\r\n close \r\n"], ids=["closed", "not-http"])
async def test_no_answer_is_a_connection_error(serving: Serving, answer: bytes) -> None:
    async with serving(answer, KEPT) as server:
        wire = Wire(connections=1)
        with pytest.raises(ConnectionError):
            await wire.request("GET", server.url, {})
        assert (await wire.request("GET", server.url, {})).status == 200


async def test_nobody_listening_is_an_os_error(serving: Serving) -> None:
    async with serving(KEPT) as server:
        wire = Wire(connections=1)
        url = server.url
    with pytest.raises(OSError, match=r"."):
        await wire.request("GET", url, {})
