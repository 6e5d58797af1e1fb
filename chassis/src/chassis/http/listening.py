"""An HTTP server as a part of a process: its socket, and connections that are bounded in every way."""

from __future__ import annotations

import asyncio
import resource
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from chassis.http.connection import Connection, Connections, Limits
from chassis.listening_settings import ListeningSettings

_BACKLOG = 2_048
_KEEP_ALIVE_SECONDS = 30
_LAST_ACCEPTED_SECONDS = 1.0
"""How long a process that ends goes on accepting, at the most."""
_ROUNDS_TO_ACCEPT = 4
"""How often the loop comes round until what it has accepted is a connection of the server's."""
_OTHER_FILES = 400
"""What a process may have open besides its connections: the database's, Kafka's, files that are being sent."""


class _Server(uvicorn.Server):
    """Uvicorn without signals of its own: the process decides when which part ends."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self._connections = connections

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer who has connected already: the kernel resets what is in the queue of a socket that is closed."""
        await _queue_emptied(sockets or [])
        for server in self.servers:
            server.close()
        self._connections.leaving = True  # each is told by uvicorn, those that are not its own yet as they become so
        await super().shutdown(sockets)


class Listening:
    """An HTTP server as a part of the process."""

    def __init__(self, app: ASGIApp, settings: ListeningSettings, port: int, *, lifespan: bool = False) -> None:
        self._socket = _bound(settings.http_host, port)
        self._connections = Connections(_limits(settings))
        config = uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", partial(Connection, self._connections)),
            ws="none",
            lifespan="on" if lifespan else "off",
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.http_trusted_proxies),
            forwarded_allow_ips=settings.http_trusted_proxies,
            log_config=None,
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=int(settings.drain_seconds),
        )
        self._server = _Server(config, self._connections)

    @property
    def port(self) -> int:
        """The port that it has; one that was free where 0 was asked for."""
        port: int = self._socket.getsockname()[1]
        return port

    async def run(self) -> None:
        """Answer requests until stopped. Raises RuntimeError where the application could not begin."""
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self._connections.watch())
            await self._server.serve(sockets=[self._socket])
            watching.cancel()
        if not self._server.started:
            raise RuntimeError("the application did not start")

    def stop(self) -> None:
        """Accept nothing more, and finish what is in flight."""
        self._server.should_exit = True


async def _queue_emptied(sockets: list[socket.socket]) -> None:
    """The loop accepts what is there each time that it comes round; for a second at most, as others go on coming.

    A connection is its server's only some rounds after that.
    """
    waiting = select.poll()
    for listening in sockets:
        waiting.register(listening, select.POLLIN)
    loop = asyncio.get_running_loop()
    until = loop.time() + _LAST_ACCEPTED_SECONDS
    rounds = 0
    while rounds < _ROUNDS_TO_ACCEPT and loop.time() < until:
        rounds = 0 if waiting.poll(0) else rounds + 1
        await asyncio.sleep(0)


def _limits(settings: ListeningSettings) -> Limits:
    """What connections may take; as many of them as the process may have files, less what it needs besides."""
    wanted = settings.http_connections_max + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return Limits(
        connections=max(1, min(settings.http_connections_max, soft - _OTHER_FILES)),
        head_seconds=settings.http_head_seconds,
        body_seconds=settings.http_body_seconds,
        reader_seconds=settings.http_reader_seconds,
    )


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket that several processes can share: the kernel spreads the connections."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.bind((host, port))
    listening.setblocking(False)
    return listening
