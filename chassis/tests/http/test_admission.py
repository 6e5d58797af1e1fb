"""Whose turn it is when more comes than can be worked on: clinics take turns, who would wait long is told (`ALL-4`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.http.admission import BODIES_MAX, PRESENT_MAX, Admission, Place, stepping_out
from chassis.http.problems import ProblemError
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness

FOREVER_SECONDS = 3_600.0
A, B, C = new_id(), new_id(), new_id()


class Desk:
    """Requests that stay in work until they are told to go, and who came into work in which order."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.begun: list[UUID] = []
        self._going: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *clinics: UUID) -> None:
        """One request of each of these clinics, in this order."""
        for clinic_id in clinics:
            self.tasks.append(asyncio.create_task(self._request(clinic_id)))
            await settled()

    async def go(self) -> None:
        """The one that has been in work for longest is done."""
        self._going.pop(0).set()
        await settled()

    async def _request(self, clinic_id: UUID) -> None:
        async with self.admission.present(clinic_id) as place, place.worked_in():
            self.begun.append(clinic_id)
            going = asyncio.Event()
            self._going.append(going)
            await going.wait()


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def desk_of(places: int, share: int, patience_seconds: float = FOREVER_SECONDS) -> AsyncIterator[Desk]:
    desk = Desk(Admission(places, share, patience_seconds))
    yield desk
    for task in desk.tasks:
        task.cancel()
    await asyncio.gather(*desk.tasks, return_exceptions=True)


async def refused(request: Awaitable[Any]) -> tuple[int, int]:
    """The status and the seconds with which something is refused."""
    with pytest.raises(ProblemError) as raised:
        await request
    return raised.value.problem.status, int(raised.value.headers["Retry-After"])


async def test_clinics_take_turns_however_many_one_sends() -> None:
    async with desk_of(places=1, share=1) as desk:
        await desk.come(A, A, A, A, B, C, B)
        for _ in range(6):
            await desk.go()
        assert desk.begun == [A, A, B, C, A, B, A]


async def test_one_clinic_leaves_places_to_the_others() -> None:
    async with desk_of(places=4, share=3) as desk:
        await desk.come(A, A, A, A, A, B)
        assert desk.begun == [A, A, A, B]
        await desk.go()
        assert desk.begun == [A, A, A, B, A]


async def test_who_stands_in_line_for_too_long_is_refused_and_who_is_in_the_way_is_told_so() -> None:
    """429 where it is the clinic's own requests, 503 where it is everybody's; either way its place in line is free."""
    async with desk_of(places=3, share=2, patience_seconds=0.01) as desk:
        await desk.come(A, A, A)
        assert (await refused(desk.tasks[2]))[0] == 429
        await desk.come(B, C)
        assert (await refused(desk.tasks[4]))[0] == 503
        await desk.go()
        await desk.go()
        await desk.go()
        await desk.come(A, B)
        assert desk.begun == [A, A, B, A, B]


async def test_who_would_stand_in_line_for_too_long_is_refused_when_it_comes() -> None:
    async with desk_of(places=1, share=1, patience_seconds=5.0) as desk:
        await desk.come(A, A, A)
        line = desk.admission._lines[A]
        line.pace_seconds = 2.0
        await desk.come(A)
        assert await refused(desk.tasks[3]) == (429, 6)
        await desk.admission.require_soon(B)
        line.pace_seconds = 1.0
        await desk.admission.require_soon(A)


async def test_refusals_are_paced_so_that_who_asks_without_pause_does_not_take_the_processor() -> None:
    """The first are told at once; of those that come together, the last once it has waited as long as others."""
    loop = asyncio.get_running_loop()
    async with desk_of(places=1, share=1, patience_seconds=0.4) as desk:
        await desk.come(A, A)
        desk.admission._lines[A].pace_seconds = 60.0
        began = loop.time()
        refusals = await asyncio.gather(*(desk.admission.require_soon(A) for _ in range(100)), return_exceptions=True)
        assert all(isinstance(refusal, ProblemError) for refusal in refusals)
        assert loop.time() - began >= 0.4


async def test_the_pace_of_a_line_is_measured_by_those_who_leave_it() -> None:
    async with desk_of(places=1, share=1) as desk:
        await desk.come(A, A, A)
        line = desk.admission._lines[A]
        assert line.expected_seconds(line.moved_at + 9) == 0.0
        await desk.go()
        assert line.pace_seconds is not None
        assert line.expected_seconds(line.moved_at + 9) >= 2 * 9


async def test_a_request_that_only_waits_lets_another_work_and_comes_back_first() -> None:
    async with desk_of(places=1, share=1) as desk:
        waited, seen = asyncio.Event(), []

        async def waiting() -> None:
            async with desk.admission.present(A) as place, place.worked_in():
                async with stepping_out():
                    await waited.wait()
                seen.extend(desk.begun)

        desk.tasks.append(asyncio.create_task(waiting()))
        await settled()
        await desk.come(A, A)
        assert desk.begun == [A]
        waited.set()
        await settled()
        await desk.go()
        assert (seen, desk.begun) == ([A], [A, A])


async def test_who_goes_away_while_in_line_takes_no_place() -> None:
    async with desk_of(places=1, share=1) as desk:
        await desk.come(A, A, B)
        desk.tasks[1].cancel()
        await desk.go()
        await desk.go()
        await desk.come(C)
        assert desk.begun == [A, B, C]


async def test_who_is_called_and_goes_away_at_once_gives_the_place_back() -> None:
    async with desk_of(places=1, share=1) as desk:
        await desk.come(A, A, B)
        desk._going.pop(0).set()
        for _ in range(10):
            if desk.admission._lines[A].waiting:
                await asyncio.sleep(0)
        desk.tasks[1].cancel()
        await settled()
        assert desk.begun == [A, B]


async def test_a_clinic_is_not_here_without_end() -> None:
    admission = Admission(1, 1, FOREVER_SECONDS)
    async with AsyncExitStack() as stack:
        for _ in range(PRESENT_MAX):
            await stack.enter_async_context(admission.present(A))
        assert (await refused(admission.present(A).__aenter__()))[0] == 429
        async with admission.present(B) as place, place.worked_in():
            pass
    assert admission._lines == {}


async def test_with_its_answer_begun_a_place_is_free() -> None:
    admission = Admission(1, 1, FOREVER_SECONDS)
    async with admission.present(A) as first, first.worked_in():
        first.leave()
        async with admission.present(B) as second, second.worked_in():
            assert isinstance(second, Place)
            assert (first.taken, second.taken) == (False, True)


@pytest.mark.rule("ALL-4.3")
async def test_one_clinic_that_fills_the_api_is_refused_and_another_is_answered(
    harness: ServiceHarness, held_shelf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-4: every connection that a clinic may hold is held, and others do not notice."""
    monkeypatch.setattr(harness.app.state, "admission", Admission(10, 7, 0.5))
    async with harness.client("books:read books:write") as full, harness.client("books:read") as other:
        slow = [
            asyncio.create_task(full.post("/v1/books", json={"title": "slow", "pages": [1]}, timeout=60))
            for _ in range(30)
        ]
        done, _ = await asyncio.wait(slow, return_when=asyncio.FIRST_COMPLETED)
        assert (await other.get("/v1/books")).status_code == 200
        held_shelf.let_go()
        answers = [await one for one in slow]
    refusal = done.pop().result()
    assert (refusal.status_code, refusal.json()["type"].rpartition(":")[2]) == (429, "too-many-requests")
    assert int(refusal.headers["Retry-After"]) >= 1
    assert {answer.status_code for answer in answers} <= {201, 409, 429}


async def test_slow_bodies_of_strangers_at_one_address_leave_room_for_those_of_others(harness: ServiceHarness) -> None:
    """ALL-4: what needs no token stands in one line; a network of IPv6 is one address."""
    goes_on = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await goes_on.wait()

    async def sent(address: str, body: Any) -> httpx.Response:
        transport = httpx.ASGITransport(harness.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/v1/open/nowhere", content=body)

    slow_ones = [asyncio.create_task(sent(f"2001:db8::{place}", slow())) for place in range(1, BODIES_MAX + 1)]
    await settled()
    refused = await sent("2001:db8::ffff", slow())
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
    for other in ("2001:db8:0:1::1", "192.0.2.7"):
        assert (await sent(other, b"{}")).status_code == 404
    goes_on.set()
    assert {(await one).status_code for one in slow_ones} == {404}
    assert (await sent("2001:db8::1", b"{}")).status_code == 404
