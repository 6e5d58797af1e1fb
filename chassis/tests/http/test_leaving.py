"""A process that ends answers whoever has reached it: another that shares its port loses no request (`ALL-7`)."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from chassis.http import listening as servers
from chassis.http.listening import Listening
from chassis.listening_settings import ListeningSettings
from chassis.testing.eventually import eventually
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

CLIENTS = 20
ASKED = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("answered")


def connected(port: int) -> socket.socket:
    """A connection that the kernel has made, and the process knows nothing of yet."""
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.setblocking(False)
    return client


async def answered(client: socket.socket) -> bytes:
    """All that comes until the connection ends; b"reset" where it was."""
    loop, come = asyncio.get_running_loop(), b""
    try:
        while part := await loop.sock_recv(client, 65_536):
            come += part
    except ConnectionResetError:
        return b"reset"
    return come


@pytest.mark.parametrize("asked_at_once", [True, False], ids=["asked at once", "asked a moment later"])
async def test_who_has_connected_is_answered_by_a_process_that_ends(
    monkeypatch: pytest.MonkeyPatch, asked_at_once: bool
) -> None:
    listening = Listening(Starlette(routes=[Route("/", answer)]), ListeningSettings(http_host="127.0.0.1"), 0)
    running = asyncio.create_task(listening.run())

    async def begun() -> bool:
        return listening._server.started

    await eventually(begun)
    kept = connected(listening.port)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(kept, ASKED)
    assert b"answered" in await loop.sock_recv(kept, 65_536)
    clients: list[socket.socket] = []
    left = asyncio.Event()
    shut_down = servers._Server.shutdown

    async def connected_first(server: Any, sockets: Any = None) -> None:
        clients.extend(connected(listening.port) for _ in range(CLIENTS))
        for client in (*clients, kept) if asked_at_once else ():
            client.send(ASKED)
        left.set()
        await shut_down(server, sockets)

    monkeypatch.setattr(servers._Server, "shutdown", connected_first)
    listening.stop()
    if not asked_at_once:
        await asyncio.wait_for(left.wait(), 10)
        for client in clients:
            await loop.sock_sendall(client, ASKED)
    await asyncio.wait_for(running, 10)
    came = [await answered(client) for client in (*clients, *([kept] if asked_at_once else []))]
    for client in (*clients, kept):
        client.close()
    assert [answer.endswith(b"answered") for answer in came] == [True] * len(came)
