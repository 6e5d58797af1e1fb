"""HTTP/1.1 over kept connections and nothing else: the player shares two cores with all that it plays into.

On the way out a request costs a tenth of what a full client takes, and the services get the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools

CONNECTIONS = 32
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """Kept connections by host, at most so many at once. Raises ConnectionError and TimeoutError."""

    def __init__(self, connections: int = CONNECTIONS, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._idle: dict[tuple[str, int], list[_Connection]] = {}
        self._room = asyncio.Semaphore(connections)
        self._timeout_seconds = timeout_seconds

    def close(self) -> None:
        """Close all connections."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    async def request(self, method: str, url: str, headers: Mapping[str, str], content: bytes = b"") -> Response:
        """One request and its answer; the path of the URL is sent as it is given."""
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise ConnectionError(f"{url} is not a plain http address")
        host = (parts.hostname, parts.port or 80)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        async with self._room, asyncio.timeout(self._timeout_seconds):
            return await self._exchange(host, "\r\n".join([*lines, "", ""]).encode("latin-1") + content)

    async def _exchange(self, host: tuple[str, int], sent: bytes) -> Response:
        connection = await self._connection(host)
        try:
            response = await connection.exchange(sent)
        except BaseException:
            connection.close()
            raise
        if connection.open:
            self._idle.setdefault(host, []).append(connection)
        return response

    async def _connection(self, host: tuple[str, int]) -> _Connection:
        idle = self._idle.get(host, [])
        while idle:
            if (connection := idle.pop()).open:
                return connection
        _, fresh = await asyncio.get_running_loop().create_connection(_Connection, *host)
        return fresh


class _Connection(asyncio.Protocol):
    """One connection: one exchange at a time. The methods without a docstring are what httptools and asyncio call."""

    def __init__(self) -> None:
        self.open = False
        self._transport: asyncio.Transport | None = None
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    async def exchange(self, sent: bytes) -> Response:
        """Send a request and wait for its answer."""
        self._begin()
        if self._transport is None or not self.open:
            raise ConnectionError("the connection was closed")
        self._transport.write(sent)
        return await self._answer

    def close(self) -> None:
        """Close the connection."""
        self.open = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are transports by what they do, not by their class.
        self._transport = cast("asyncio.Transport", transport)
        self.open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        self._fail(str(exc) if exc else "the connection was closed before the answer")

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"the answer is not HTTP: {error}")
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if not self._parser.should_keep_alive():
            self.close()
        if not self._answer.done():
            status = self._parser.get_status_code()
            self._answer.set_result(Response(status, self._headers, b"".join(self._body)))

    def _fail(self, reason: str) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError(reason))
            self._answer.exception()  # nobody may be waiting for it any more
