"""Connections of HTTP/1.1, bounded in every way: how long a head is, how long anything takes, how many there are.

The parser gathers a header for as long as one is sent. So what is fed to it is counted here, what takes too long is
ended here, and what it cannot read is answered with a problem document (`ALL-2`). Where too many are open, those give
way that nobody is answering, of the address that has most of them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, cast

import httptools
from starlette.responses import Response
from starlette.types import Message, Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from chassis.http.problems import BAD_REQUEST, HEAD_TOO_LARGE, TOO_SLOW, UNAVAILABLE, Problem, problem_response
from chassis.telemetry import meter

HEAD_BYTES_MAX = 32_768
"""Request line and headers together; the same for what frames the chunks of a body, beyond the body itself."""
BODY_BYTES_MAX = 1_048_576
_FED_AT_ONCE = 8_192
"""The parser says where a head begins, not how much of it has come: of what came with that, so much goes uncounted."""
CONNECTION = "chassis.connection"
"""Where the request's scope has its connection, if the server tells."""

_LINGER_SECONDS = 5.0
"""How long who was answered early may go on sending, so that the answer is read and not lost to a reset."""
_LAST_ASKED_SECONDS = 0.3
"""How long a process that ends waits for what a client may be asking just now."""
_AGE_MAX_SECONDS = 600.0
"""An older connection ends with its answer: its client comes back, perhaps to a process that has less to do."""
_WHOLE_ANSWER = 20
"""An answer in all may take so many times what its reader may stand still."""
_MADE_ROOM_SHARE = 20
_LOOKED_SECONDS = 0.5

_ended = meter.create_counter(
    "dental_billing.connections.ended", unit="{connection}", description="Connections ended by us, by the reason"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may take, in seconds, and how many there may be."""

    connections: int = 1_000
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    reader_seconds: float = 30.0


class Connections:
    """The connections of a listening socket, oldest first."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.leaving = False
        """Whether the process is to end: what has just been asked is answered yet, nothing after that."""
        self._open: dict[Connection, None] = {}

    def admit(self, connection: Connection) -> bool:
        """Take one in; False where there is no room and all that are open are being answered."""
        if len(self._open) >= self.limits.connections:
            self._make_room()
        if len(self._open) >= self.limits.connections:
            return False
        self._open[connection] = None
        return True

    def forget(self, connection: Connection) -> None:
        """It is closed."""
        self._open.pop(connection, None)

    async def watch(self) -> None:
        """End what takes too long, for as long as this is run."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOKED_SECONDS)
            for connection in list(self._open):
                connection.look(loop.time())

    def _make_room(self) -> None:
        """End some at once, lest each that comes has to look through all."""
        waiting = [one for one in self._open if not one.in_service]
        if not waiting:
            return
        (address, most), *_ = Counter(one.address for one in waiting).most_common(1)
        some = max(1, min(most // 2, self.limits.connections // _MADE_ROOM_SHARE))
        for one in [one for one in waiting if one.address == address][:some]:
            one.give_way()


class Connection(HttpToolsProtocol):
    """One connection. The methods without a word of their own are uvicorn's or the parser's, which calls them."""

    def __init__(
        self,
        connections: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._all = connections
        self._made_at = self._since = self.loop.time()
        self._reading: Literal["head", "body"] | None = "head"
        self._begun = False
        self._head_bytes = self._body_bytes = self._framing_bytes = 0
        self._refusal: Problem | None = None
        self._deaf = False
        self._discarded_bytes = 0
        self._blocked_since: float | None = None
        self._unread_since: float | None = None
        self._answering_since: float | None = None
        self._leaves: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        """Where its client is."""
        return self.client[0] if self.client else ""

    @property
    def in_service(self) -> bool:
        """Whether a request of it is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def gone(self) -> bool:
        """Whether its client has gone, or was sent away."""
        return self.transport.is_closing()

    @property
    def leaving(self) -> bool:
        """Whether nothing is answered after what is answered now."""
        return self._all.leaving

    @property
    def still_sending(self) -> bool:
        """Whether the request that came last is not in yet."""
        return self._deaf or self._reading == "body"

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = _Lingering(transport, self)  # type: ignore[assignment]
        if not self._all.admit(self):
            self._end("full")
            self._write(UNAVAILABLE)
            transport.close()
        elif self._all.leaving:
            self.shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), _FED_AT_ONCE):
            if self._deaf:
                self._discard(len(data) - start)
                return
            if not self._feed(data[start : start + _FED_AT_ONCE]):
                return

    def _feed(self, data: bytes) -> bool:
        """Give the parser some, and count it; returns whether anything that follows can be read."""
        self._unset_keepalive_if_required()
        if self._reading is None:
            self._read("head")
        self._framing_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return False  # to nothing that is spoken here: it was answered as what it is besides
        except httptools.HttpParserError:
            self._refuse(self._refusal or BAD_REQUEST)
            return False
        if self._framing_bytes > HEAD_BYTES_MAX + self._body_bytes:
            self._refuse(HEAD_TOO_LARGE if self._reading == "head" else BAD_REQUEST)
            return False
        return True

    def on_message_begin(self) -> None:
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[CONNECTION] = self
        self._begun = True
        self._head_bytes = self._body_bytes = self._framing_bytes = 0
        self._read("head")

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        if self._reading == "head":
            super().on_header(name, value)  # what comes after a body is nobody's

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._read("body")
        if self.leaving or self._since - self._made_at > _AGE_MAX_SECONDS:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._framing_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._reading, self._begun = None, False

    def pause_writing(self) -> None:
        self._blocked_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._blocked_since = self._unread_since = None
        super().resume_writing()

    def shutdown(self) -> None:
        """End with the answer; where nothing is asked, after a moment: what is asked may be on its way."""
        if self.in_service:
            super().shutdown()
        elif self._leaves is None:
            self._leaves = self.loop.call_later(_LAST_ASKED_SECONDS, self._leave)

    def look(self, now: float) -> None:
        """End it where something takes too long."""
        limits = self._all.limits
        if self._deaf and not self.in_service and now - self._since > _LINGER_SECONDS:
            self._abort("still sending")
        elif self._unread_seconds(now) > limits.reader_seconds:
            self._abort("not reading")
        elif self._answering_seconds(now) > limits.reader_seconds * _WHOLE_ANSWER:
            self._abort("reading too slowly")
        elif self._deaf or self._reading is None:
            return
        elif self.flow.read_paused:
            self._since = now  # it is we who do not read
        elif now - self._since > (limits.head_seconds if self._reading == "head" else limits.body_seconds):
            self._end_late()

    def give_way(self) -> None:
        """End it, so that another can be."""
        self._end("made room")
        self._all.forget(self)
        if self.transport.get_write_buffer_size() or self._deaf:
            self.transport.abort()
        else:
            self.transport.close()

    def linger(self) -> None:
        """Say that nothing more will come, and let the client finish what it sends, unheard."""
        self._deaf, self._since = True, self.loop.time()

    def _leave(self) -> None:
        if not self._begun and not self.in_service:
            self.transport.close()

    def _read(self, part: Literal["head", "body"]) -> None:
        self._reading, self._since = part, self.loop.time()

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES_MAX:
            self._refusal = HEAD_TOO_LARGE
            raise ValueError("the head is too large")

    def _end_late(self) -> None:
        if self._begun:
            self._refuse(TOO_SLOW)
        else:
            self._end("silent")
            self.transport.close()

    def _refuse(self, problem: Problem) -> None:
        """Answer what cannot be answered by the application, unless an answer is under way already, and end it."""
        self._end(problem.slug)
        if self._reading == "head" and self.in_service:
            self.cycle.keep_alive = False  # what was asked before is answered first
            self.linger()
            return
        if self._reading == "body" and self.in_service:
            if self.cycle.response_started or self.pipeline:
                self.transport.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self._reading == "head" or not self.cycle.response_complete:
            self._write(problem)
        self.linger()
        self.transport.close()

    def _write(self, problem: Problem) -> None:
        headers = {"Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        self.transport.write(b"".join(_rendered(problem_response(problem, headers=headers))))

    def _discard(self, size: int) -> None:
        self._discarded_bytes += size
        if self._discarded_bytes > BODY_BYTES_MAX:
            self._abort("still sending")

    def _unread_seconds(self, now: float) -> float:
        """How long its reader has stood still with something of ours to read."""
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
            return 0.0
        if self._unread_since is None:
            self._unread_since = now
        return now - min(self._unread_since, self._blocked_since or now)

    def _answering_seconds(self, now: float) -> float:
        """How long an answer has been under way since its first byte."""
        if not self.in_service or not self.cycle.response_started:
            self._answering_since = None
            return 0.0
        if self._answering_since is None:
            self._answering_since = now
        return now - self._answering_since

    def _abort(self, reason: str) -> None:
        self._end(reason)
        self.transport.abort()

    def _end(self, reason: str) -> None:
        _ended.add(1, {"error.type": reason})


def end_early(scope: Scope, start: Message) -> None:
    """Who is answered while still sending, or by a process that ends, is told that nothing more is read of it."""
    connection: Connection | None = scope.get(CONNECTION)
    said = any(name.lower() == b"connection" for name, _ in start["headers"])
    if connection is not None and (connection.still_sending or connection.leaving) and not said:
        start["headers"] = [*start["headers"], (b"connection", b"close")]


class _Lingering:
    """A transport that does not slam the door: closed while its client still sends, it ends its own side first.

    A socket that is closed with something unread resets the connection, and the answer may be lost on its way.
    """

    def __init__(self, transport: asyncio.Transport, connection: Connection) -> None:
        self._transport = transport
        self._connection = connection
        self._closing = False
        self.write = transport.write
        self.abort = transport.abort
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.get_write_buffer_size = transport.get_write_buffer_size
        self.get_extra_info = transport.get_extra_info

    def is_closing(self) -> bool:
        """Whether nothing more is to be written."""
        return self._closing or self._transport.is_closing()

    def close(self) -> None:
        """Close it, once the client has finished where it had not."""
        if self._closing:
            return
        if self._transport.is_closing() or not self._connection.still_sending:
            self._transport.close()
            return
        self._closing = True
        self._connection.linger()
        self._transport.resume_reading()
        self._transport.write_eof()


def _rendered(response: Response) -> Iterator[bytes]:
    status = HTTPStatus(response.status_code)
    yield f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
    for name, value in response.raw_headers:
        yield b"%s: %s\r\n" % (name, value)
    yield b"\r\n"
    yield bytes(response.body)
