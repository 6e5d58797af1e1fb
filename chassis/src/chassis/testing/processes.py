"""A service as the process that it is in use, for tests of what only a process shows."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.tokens import Issuer

NOWHERE = "127.0.0.1:9"
"""An address at which nothing answers."""


def free_port() -> int:
    """A port that nothing listens to at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(harness: ServiceHarness, **more: str) -> dict[str, str]:
    """What a process is told that works on the harness's database, without a broker."""
    given = {"DATABASE_URL": harness.owned.app_url, "MIGRATION_DATABASE_URL": harness.owned.owner_url}
    return {**os.environ, "KAFKA_BOOTSTRAP": NOWHERE, "HTTP_HOST": "127.0.0.1"} | given | more


@asynccontextmanager
async def process_of(
    command: Sequence[str], env: Mapping[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process all of whose words are in a file; killed in the end if it did not end by itself."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output, env=dict(env))
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def answer_to(port: int, sent: bytes) -> bytes:
    """What a process at a port sends back to some bytes, until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        return await reader.read()
    finally:
        writer.close()


async def answers(url: str) -> httpx.Response | None:
    """What is answered at an address; None where nothing listens."""
    async with httpx.AsyncClient() as client:
        try:
            return await client.get(url)
        except httpx.TransportError:
            return None


async def answering(url: str, within_seconds: float = 60.0) -> None:
    """Wait until something is answered there."""
    await eventually(lambda: answers(url), within_seconds=within_seconds)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """An application on a socket, beside the test; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def keys_of(issuer: Issuer) -> AsyncIterator[str]:
    """The issuer's key set on a socket; gives its address."""
    body = json.dumps(issuer.jwks()).encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks"
