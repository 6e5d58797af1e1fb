"""A line to a server that can vanish as a machine does that loses its power or its network: without a goodbye."""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

_SO_ATTACH_FILTER: Final = 26
_RETURN: Final = 0x06
_CHUNK_BYTES = 65_536


class Line:
    """Carries bytes between clients and a server, until it vanishes: then no packet is answered in either direction.

    The kernel drops what comes in on the sockets of both ends before it acknowledges it (a filter of Linux, which needs
    no rights): to whom is left, it is as if the other's machine were gone.
    """

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._writers: list[asyncio.StreamWriter] = []
        self._carrying: set[asyncio.Task[None]] = set()
        self._vanished = False
        self.delay_seconds = 0.0
        """How long whatever is carried is on its way, in each direction."""

    def vanish(self) -> None:
        """Nothing comes through any more, nothing is acknowledged, and nobody is told."""
        self._vanished = True
        for task in self._carrying:
            task.cancel()
        for writer in self._writers:
            _drop_all(writer.get_extra_info("socket"))

    def cut(self) -> None:
        """End all connections that there are, at both ends; who comes again is taken."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a client's connection."""
        self._writers.append(writer)
        if self._vanished:
            return
        there, to_there = await asyncio.open_connection(*self._there)
        self._writers.append(to_there)
        for source, target in ((reader, to_there), (there, writer)):
            task = asyncio.create_task(self._carry(source, target))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(_CHUNK_BYTES):
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                target.write(data)
                await target.drain()
        except OSError:
            pass
        target.close()

    def close(self) -> None:
        """End whatever is left of it."""
        for task in self._carrying:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def line_to(address: str, *, port: int = 0) -> AsyncIterator[tuple[Line, str]]:
    """A line to the server of a URL, and the URL through it, at a port that is free or given."""
    parts = urlsplit(address)
    line = Line(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(line.joined, "127.0.0.1", port)
    credentials = parts.netloc.rpartition("@")[0]
    try:
        yield line, parts._replace(netloc=f"{credentials}@127.0.0.1:{server.sockets[0].getsockname()[1]}").geturl()
    finally:
        server.close()
        line.close()


def _drop_all(of: Any) -> None:
    if of is None or of.fileno() < 0:
        return
    # `struct sock_fprog`: how many instructions, and where they are; here one, that lets nothing of a packet through.
    program = ctypes.create_string_buffer(struct.pack("HBBI", _RETURN, 0, 0, 0))
    of.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(program)))
