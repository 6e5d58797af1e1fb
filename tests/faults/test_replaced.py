"""A round goes on after a rolling restart: whoever asked meanwhile ends when told to, whatever comes at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nemesis as acting
import pytest
from nemesis import Nemesis
from second_processes import lost_requests

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def server(answer: bytes, stop: asyncio.Event, after: int) -> AsyncIterator[str]:
    """Answers; with one answer, those who ask are told to stop. Its address."""
    taken = 0

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        taken += 1
        if taken == after:
            stop.set()
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answered, "127.0.0.1", 0) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/health/live"


@pytest.mark.parametrize(("answer", "lost"), [(ANSWER, 0), (b"", 3)])
async def test_asking_ends_with_the_answer_that_comes_as_it_is_told_to(answer: bytes, lost: int) -> None:
    """A cancellation that came with an answer was forgotten (`asyncio.wait_for`), and the round stood still."""
    stop = asyncio.Event()
    async with server(answer, stop, after=3) as url, asyncio.timeout(60):
        assert await lost_requests(url, stop) == (3, lost)


async def test_an_act_that_does_not_end_is_given_up_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "ACT_SECONDS_MAX", 0.01)

    async def stand_still() -> tuple[str, str]:
        await asyncio.Event().wait()
        return "", ""

    nemesis = Nemesis(None, None)  # type: ignore[arg-type]
    fault = await nemesis._begin(stand_still)
    assert (fault.kind, fault.what) == ("stand_still", "never ended")
    assert nemesis.wrong == ["stand_still never ended"]
