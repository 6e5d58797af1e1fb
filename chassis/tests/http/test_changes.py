"""A change is made once under its key, answered the same ever after, and refused where it was read stale (`ALL-1`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.clock import uptime
from chassis.http.idempotency import KEPT_DAYS, Claim, Replayed, sweep
from chassis.http.problems import ProblemError
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness, eventually
from sqlalchemy import text
from starlette.responses import Response

_ANSWERED = text(
    "INSERT INTO idempotency_keys (clinic_id, key, method_path, fingerprint, status, headers, body) "
    "VALUES (:clinic, E'clerk:test\\nbeside', 'POST /v1/books', '', 201, '{}', '')"
)
BOOK = {"title": "Dental anatomy", "pages": [120, 80]}


def problem_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    return str(document["type"]).removeprefix("urn:problem:dental-billing:")


@pytest.mark.rule("ALL-1.1")
async def test_same_key_and_body_is_answered_the_same_and_done_once(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as client:
        first = await client.post("/v1/books", json=BOOK, headers={"Idempotency-Key": "k1"})
        other_spelling = '{"pages": [120, 80],   "title": "Dental\\u0020anatomy"}'
        again = await client.post(
            "/v1/books",
            content=other_spelling,
            headers={"Idempotency-Key": "k1", "Content-Type": "application/json"},
        )
        listed = (await client.get("/v1/books")).json()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    assert len(listed["items"]) == 1


@pytest.mark.rule("ALL-1.2")
async def test_same_key_with_another_body_is_refused(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as client:
        await client.post("/v1/books", json=BOOK, headers={"Idempotency-Key": "k1"})
        other = await client.post("/v1/books", json=BOOK | {"pages": [1]}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, problem_of(other)) == (422, "idempotency-key-reused")


async def test_key_of_one_clinic_is_free_for_another(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as one, harness.client("books:read books:write") as other:
        first = await one.post("/v1/books", json=BOOK, headers={"Idempotency-Key": "shared"})
        second = await other.post("/v1/books", json=BOOK, headers={"Idempotency-Key": "shared"})
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.rule("ALL-1.3")
async def test_second_request_while_the_first_runs_is_told_to_wait(harness: ServiceHarness, held_shelf: Any) -> None:
    async with harness.client("books:read books:write") as client:
        body, key = BOOK | {"title": "slow"}, {"Idempotency-Key": "k"}
        posting = [asyncio.create_task(client.post("/v1/books", json=body, headers=key)) for _ in range(4)]

        async def all_others_are_told() -> bool:
            return [one.done() for one in posting].count(True) == len(posting) - 1

        await eventually(all_others_are_told)
        held_shelf.let_go()
        answers = await asyncio.gather(*posting)
        listed = (await client.get("/v1/books")).json()
    refused = [answer for answer in answers if answer.status_code == 409]
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {problem_of(answer) for answer in refused} == {"request-in-progress"}
    assert refused[0].headers["retry-after"] == "1"
    assert len(listed["items"]) == 1


async def test_refused_request_stores_nothing_and_may_be_tried_again(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as client:
        await client.post("/v1/books", json=BOOK)
        taken = await client.post("/v1/books", json=BOOK, headers={"Idempotency-Key": "again"})
        fixed = await client.post("/v1/books", json=BOOK | {"title": "Other"}, headers={"Idempotency-Key": "again"})
    assert (taken.status_code, problem_of(taken)) == (409, "title-taken")
    assert taken.json()["errors"] == [{"field": "title", "detail": "a book of that title is on the shelf"}]
    assert "first" in taken.json()
    assert fixed.status_code == 201


async def test_a_key_is_its_persons_own(harness: ServiceHarness) -> None:
    """ALL-1: a colleague who happens to use the same key is not answered with somebody else's change."""
    clinic, key = new_id(), {"Idempotency-Key": "1"}
    async with (
        harness.client("books:read books:write", clinic, subject="clerk:a") as one,
        harness.client("books:read books:write", clinic, subject="clerk:b") as other,
    ):
        first = await one.post("/v1/books", json=BOOK, headers=key)
        second = await other.post("/v1/books", json=BOOK | {"title": "Another"}, headers=key)
        again = await one.post("/v1/books", json=BOOK, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert again.content == first.content


def _claim(aged: float) -> Claim:
    """Of a request that came so many seconds ago."""
    came = uptime() - aged
    return Claim("clerk", "k", "POST /v1/books", b"f", lambda: uptime() - came)


async def test_an_attempt_from_before_a_refusal_is_not_carried_out(harness: ServiceHarness) -> None:
    """ALL-1: it stood still on its way, its retry was refused, and what was said then holds."""
    clinic = new_id()
    first, retry, later = (_claim(aged=seconds) for seconds in (60, 30, 0))
    async with harness.database.transaction([clinic], "clerk") as work:
        await retry.refuse(work)
    with pytest.raises(ProblemError) as overtaken:
        async with harness.database.transaction([clinic], "clerk") as work:
            await first.take(work)
    assert overtaken.value.problem.slug == "request-overtaken"
    async with harness.database.transaction([clinic], "clerk") as work:
        await later.take(work)
        later.keep(work, Response(b"done", 201))
    with pytest.raises(Replayed) as replayed:
        async with harness.database.transaction([clinic], "clerk") as work:
            await first.take(work)
    assert replayed.value.response.body == b"done"


async def test_which_attempt_came_first_is_the_same_whatever_the_clocks_of_their_machines_say(
    harness: ServiceHarness,
) -> None:
    """ALL-1: it comes to a machine that is an hour ahead, and stands still there; its retry is refused elsewhere."""
    key, ahead, goes_on = {"Idempotency-Key": "k"}, timedelta(hours=1), asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        arrived.set()
        await goes_on.wait()
        yield json.dumps(BOOK).encode()

    arrived = asyncio.Event()
    async with harness.client("books:read books:write") as client, asyncio.TaskGroup() as group:
        there = await client.post("/v1/books", json=BOOK)
        harness.clock.advance(ahead)
        headers = key | {"Content-Type": "application/json"}
        stuck = group.create_task(client.post("/v1/books", content=body(), headers=headers))
        await arrived.wait()
        harness.clock.advance(-ahead)
        refused = await client.post("/v1/books", json=BOOK, headers=key)
        other = BOOK | {"title": "Another title"}
        await client.put(there.headers["location"], json=other, headers={"If-Match": there.headers["etag"]})
        goes_on.set()
        overtaken = await stuck
        later = await client.post("/v1/books", json=BOOK, headers=key)
    assert (problem_of(refused), problem_of(overtaken)) == ("title-taken", "request-overtaken")
    assert later.status_code == 201


async def test_a_refusal_does_not_undo_an_answer(harness: ServiceHarness) -> None:
    clinic = new_id()
    done = _claim(aged=0)
    async with harness.database.transaction([clinic], "clerk") as work:
        await done.take(work)
        done.keep(work, Response(b"done", 201))
    async with harness.database.transaction([clinic], "clerk") as work:
        await _claim(aged=0).refuse(work)
    with pytest.raises(Replayed):
        async with harness.database.transaction([clinic], "clerk") as work:
            await done.take(work)


async def test_post_without_key_is_refused_and_put_may_go_without(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write", give_keys=False) as client:
        refused = await client.post("/v1/books", json=BOOK)
        made = await client.post("/v1/books", json=BOOK, headers={"Idempotency-Key": "k"})
        put = await client.put(made.headers["location"], json=BOOK, headers={"If-Match": made.headers["etag"]})
    assert (refused.status_code, problem_of(refused)) == (400, "idempotency-key-missing")
    assert (put.status_code, put.headers["etag"]) == (200, '"2"')


@pytest.mark.parametrize("key", ["x" * 256, "smile \x7f", "tab\there"])
async def test_key_that_is_not_printable_is_refused(harness: ServiceHarness, key: str) -> None:
    async with harness.client("books:read books:write") as client:
        refused = await client.post("/v1/books", json=BOOK, headers={"Idempotency-Key": key})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.rule("ALL-3.2")
async def test_stale_version_is_refused_and_missing_one_asked_for(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as client:
        path = (await client.post("/v1/books", json=BOOK)).headers["location"]
        missing = await client.put(path, json=BOOK)
        anything = await client.put(path, json=BOOK, headers={"If-Match": "*"})
        stale = await client.put(path, json=BOOK, headers={"If-Match": '"7"'})
        weak = await client.put(path, json=BOOK, headers={"If-Match": 'W/"1"'})
        fresh = await client.put(path, json=BOOK, headers={"If-Match": '"1"'})
        read = await client.get(path)
    assert [one.status_code for one in (missing, anything, stale, weak, fresh)] == [428, 428, 412, 412, 200]
    assert problem_of(stale) == "precondition-failed"
    assert read.headers["etag"] == fresh.headers["etag"] == '"2"'


async def test_another_clinics_book_is_not_there(harness: ServiceHarness) -> None:
    async with harness.client("books:read books:write") as one, harness.client("books:read books:write") as other:
        path = (await one.post("/v1/books", json=BOOK)).headers["location"]
        hidden = await other.get(path)
        put = await other.put(path, json=BOOK, headers={"If-Match": '"1"'})
    assert (hidden.status_code, problem_of(hidden)) == (404, "not-known-yet")
    assert hidden.headers["retry-after"] == "1"
    assert put.status_code == 404


async def test_answers_are_forgotten_after_a_week_and_not_before(harness: ServiceHarness) -> None:
    clinic = new_id()
    async with harness.client("books:read books:write", clinic_id=clinic) as client:
        await client.post("/v1/books", json=BOOK | {"title": "old"}, headers={"Idempotency-Key": "old"})
        await client.post("/v1/books", json=BOOK | {"title": "new"}, headers={"Idempotency-Key": "new"})
    async with harness.database.transaction([clinic], "test") as work:
        aged = text(
            "UPDATE idempotency_keys SET created_at = created_at - CAST(:age AS interval) WHERE key LIKE '%old'"
        )
        await work.connection.execute(aged, {"age": timedelta(days=KEPT_DAYS, minutes=1)})
    assert await sweep(harness.database) == 1
    async with harness.database.reading([clinic]) as connection:
        kept = (await connection.execute(text("SELECT key FROM idempotency_keys"))).scalars().all()
    assert kept == ["clerk:test\nnew"]


@pytest.mark.rule("ALL-1.4")
async def test_first_request_that_commits_beside_a_second_one_refuses_it(
    harness: ServiceHarness, held_shelf: Any
) -> None:
    """ALL-1: should both get past the look for an answer, the answer's own key lets one of them be."""
    async with harness.client("books:read books:write") as client:
        clinic, body = UUID(client.headers["x-clinic"]), BOOK | {"title": "slow"}
        second = asyncio.create_task(client.post("/v1/books", json=body, headers={"Idempotency-Key": "beside"}))
        await eventually(held_shelf.waited_for)
        async with harness.database.transaction([clinic], "first") as work:
            await work.connection.execute(_ANSWERED, {"clinic": clinic})
        held_shelf.let_go()
        refused = await second
        listed = (await client.get("/v1/books")).json()
    assert (refused.status_code, problem_of(refused)) == (409, "request-in-progress")
    assert listed["items"] == []
