"""HTTP/1.1 over kept connections and nothing else: the player shares two cores with all that it plays into.

On the way out a request costs a tenth of what a full client takes, and the services get the rest.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import httptools

CONNECTIONS = 32
TIMEOUT_SECONDS = 30.0
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Place(NamedTuple):
    """Where one connects to."""

    scheme: str
    host: str
    port: int


class Wire:
    """Kept connections by host, at most so many at once. Raises ConnectionError and TimeoutError."""

    def __init__(self, connections: int = CONNECTIONS, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._idle: dict[_Place, list[_Connection]] = {}
        self._tls: ssl.SSLContext | None = None
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
        if parts.scheme not in _PORTS or parts.hostname is None:
            raise ConnectionError(f"{url} is no http or https address")
        place = _Place(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        async with self._room, asyncio.timeout(self._timeout_seconds):
            return await self._exchange(place, "\r\n".join([*lines, "", ""]).encode("latin-1") + content)

    async def _exchange(self, place: _Place, sent: bytes) -> Response:
        connection = await self._connection(place)
        try:
            response = await connection.exchange(sent)
        except BaseException:
            connection.close()
            raise
        if connection.open:
            self._idle.setdefault(place, []).append(connection)
        return response

    async def _connection(self, place: _Place) -> _Connection:
        idle = self._idle.get(place, [])
        while idle:
            if (connection := idle.pop()).open:
                return connection
        _, fresh = await asyncio.get_running_loop().create_connection(
            _Connection, place.host, place.port, ssl=self._encryption() if place.scheme == "https" else None
        )
        return fresh

    def _encryption(self) -> ssl.SSLContext:
        """The system's authorities, or those of SSL_CERT_FILE, are trusted."""
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


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
