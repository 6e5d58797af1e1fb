"""A copy of the clinic day that a test may spoil, and a server that answers what a test says."""

from __future__ import annotations

import asyncio
import csv
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

CLINIC_DAY = Path(__file__).resolve().parents[2] / "data" / "clinic-day"

Edit = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def clinic_day(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLINIC_DAY, tmp_path / "clinic-day"))


@pytest.fixture
def edit(clinic_day: Path) -> Callable[[str, Edit], Path]:
    """Change rows of one file of the copy."""

    def change(file: str, edit_rows: Edit) -> Path:
        path = clinic_day / file
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        edit_rows(rows)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return clinic_day

    return change


class Server:
    """Answers each request with the next of its answers and keeps what was asked; an empty answer closes."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.connections = 0
        self.url = ""
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        while head := await self._request(reader):
            self.asked.append(head)
            answer = self.answers.pop(0)
            writer.write(answer)
            if not answer or b"close" in answer:
                break
        writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return head + await reader.readexactly(length)


@asynccontextmanager
async def serve(*answers: bytes) -> AsyncIterator[Server]:
    server = Server(*answers)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for writer in server.writers:
            writer.close()
        await listening.wait_closed()


@pytest.fixture
def serving() -> Callable[..., AbstractAsyncContextManager[Server]]:
    """A server with canned answers."""
    return serve
