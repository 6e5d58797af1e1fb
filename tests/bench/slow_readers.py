"""Readers of a large file who hardly read: what whoever pays beside them waits, and what the readers are told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

import asyncpg
from books import record_payments
from clinic import closed_loop
from figures import Figure, percentile
from local_stack.supervisor import Stack
from overload import Till

READERS, CLINICS, LINES = 50, 2, 10_000
"""A clinic may have 32 files and 128 MiB read from a process at once (`chassis.http.exports`), so that the readers are
of two."""
PAYMENTS, PAYING_CLIENTS = 400, 8
ANSWER_SECONDS = 2.5
_RECEIVED_BYTES, _READ_BYTES, _PAUSE_SECONDS = 4_096, 4_096, 0.5
"""Eight kilobytes a second: who takes nothing for `HTTP_READER_SECONDS` is ended, and would have to begin anew."""
_BEGUN_WITHIN_SECONDS = 400
_COME_BACK_SECONDS = 1.0
_OK = 200


@dataclass
class _Readers:
    """How many are reading, and how often any was told to come back."""

    reading: int = 0
    refused: int = 0
    ended: int = 0
    all_reading: asyncio.Event = field(default_factory=asyncio.Event)

    def begun(self) -> None:
        self.reading += 1
        if self.reading == READERS:
            self.all_reading.set()

    def ended_one(self) -> None:
        self.reading -= 1
        self.ended += 1


async def slow_readers(stack: Stack, till: Till, full: Sequence[Till]) -> list[Figure]:
    """Payments beside readers of two clinics who have asked for a large file each, and take little of it at a time."""
    for one in full:
        await _fill(stack, one)
    rate, p99 = await _paying(till)
    async with _reading(stack.layout.url("payments"), full) as readers:
        rate_beside, p99_beside = await _paying(till)
        still = readers.reading
    name = f"payments, {PAYING_CLIENTS} clients, beside {READERS} slow readers of a file"
    return [
        Figure(
            "slow readers who are sent their file meanwhile",
            still,
            "readers",
            READERS,
            detail=f"told to come back before theirs was made: {readers.refused} times; ended by the service: "
            f"{readers.ended}",
        ),
        Figure(name, rate_beside, "/s", detail=f"without them {rate:.0f}/s"),
        Figure(
            f"the same, p99, beside {READERS} slow readers",
            p99_beside,
            "s",
            ANSWER_SECONDS,
            at_least=False,
            detail=f"without them {p99:.3f} s",
        ),
    ]


async def _fill(stack: Stack, till: Till) -> None:
    connection = await asyncpg.connect(stack.database_dsn("payments"))
    try:
        today = date.fromisoformat((await till.pay(0))["booked_on"])
        await record_payments(connection, till.clinic.id, till.patients[0], till.invoices[0], LINES, today)
    finally:
        await connection.close()


async def _paying(till: Till) -> tuple[float, float]:
    rate, seconds = await closed_loop(PAYING_CLIENTS, PAYMENTS, till.pay)
    return rate, percentile(seconds, 0.99)


@asynccontextmanager
async def _reading(base: str, full: Sequence[Till]) -> AsyncIterator[_Readers]:
    """Fifty who are all being sent a file, until this ends."""
    readers = _Readers()
    tasks = [asyncio.create_task(_reader(base, full[number % len(full)], readers)) for number in range(READERS)]
    try:
        try:
            await asyncio.wait_for(readers.all_reading.wait(), _BEGUN_WITHIN_SECONDS)
        except TimeoutError:
            raise RuntimeError(f"the readers were never all reading: {readers}") from None
        yield readers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _reader(base: str, till: Till, readers: _Readers) -> None:
    """Ask for a file again and again, coming back when it is told to, and take little of it at a time."""
    while True:  # noqa: ASYNC110 - as long as it was told
        await asyncio.sleep(await _asked(base, till, readers))


async def _asked(base: str, till: Till, readers: _Readers) -> float:
    """Read what is sent until it ends; after how many seconds to come back."""
    reader, writer = await _connection(base)
    try:
        writer.write(_request(base, till))
        status, head = await _head(reader)
        if status != _OK:
            readers.refused += 1
            return float(head.get("retry-after", "1"))
        readers.begun()
        await _sip(reader)
        readers.ended_one()
        return _COME_BACK_SECONDS
    finally:
        writer.transport.abort()


async def _sip(reader: asyncio.StreamReader) -> None:
    """Read on, a little at a time, until the service ends it."""
    with suppress(OSError):
        while await reader.read(_READ_BYTES):  # noqa: ASYNC110 - it reads slowly
            await asyncio.sleep(_PAUSE_SECONDS)


async def _connection(base: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One that takes in little before it is read: what was sent and not read stays with who sent it."""
    parts = urlsplit(base)
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED_BYTES)
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, (parts.hostname, parts.port))
        return await asyncio.open_connection(sock=made.dup(), limit=_READ_BYTES)


def _request(base: str, till: Till) -> bytes:
    named = f"Authorization: Bearer {till.token}\r\nClinic-Id: {till.clinic.id}\r\n"
    head = f"GET /v1/journal/entries.csv HTTP/1.1\r\nHost: {urlsplit(base).netloc}\r\n{named}Connection: close\r\n\r\n"
    return head.encode()


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    status = int((await reader.readline()).split()[1])
    found: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        found[name.lower()] = value.strip()
    return status, found
