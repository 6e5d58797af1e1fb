"""The services' APIs at the address of the pages: passed on as they are, and nothing of a session with them."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from chassis.http.connection import BODY_BYTES_MAX
from frontdesk.api import BODIES_BYTES_MAX, KEPT_BYTES_MAX, OF_ONE_MAX
from frontdesk.keeping import IN_MEMORY_BYTES
from starlette.types import Message, Receive, Scope, Send
from told_services import PATIENT, Office

KEY = {"Authorization": "Bearer of a client", "Idempotency-Key": "one", "If-Match": '"3"'}


async def test_what_a_client_asks_reaches_its_service_as_it_was_sent(desk: Office) -> None:
    """ALL-1, ALL-3: the key, the version and the body are the client's, the status and the headers the service's."""
    made = httpx.Response(201, content=b'{"id": 1}', headers={"Location": "/v1/payments/7", "ETag": '"4"'})
    desk.answers["POST payments /v1/payments"] = made
    answer = await desk.browser.post("/api/payments/v1/payments?x=%2F", content=b'{"a":  1}', headers=KEY)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (201, b'{"id": 1}', '"4"')
    assert answer.headers["location"] == "/api/payments/v1/payments/7"
    (asked,) = desk.asked
    assert (asked.url.raw_path, asked.content) == (b"/v1/payments?x=%2F", b'{"a":  1}')
    assert {name: asked.headers[name] for name in KEY} == KEY
    assert asked.headers["accept-encoding"] == answer.request.headers["accept-encoding"]


async def test_what_nobody_foresaw_is_a_problem_document_to_a_client_of_an_api(desk: Office) -> None:
    """ALL-2.1."""
    desk.answers["GET payments /v1/payments"] = RuntimeError("of the tests' own making")
    answer = await desk.get("/api/payments/v1/payments")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:problem:dental-billing:internal")
    assert "own making" not in answer.text


async def test_who_is_signed_in_at_a_page_has_no_api_by_that(desk: Office) -> None:
    """ALL-5: a session's token stays with the pages, so that no other site makes a browser use it."""
    desk.sign_in()
    await desk.get("/api/invoicing/v1/clinic")
    (asked,) = desk.asked
    assert "cookie" not in asked.headers
    assert "authorization" not in asked.headers


async def test_what_another_site_asks_an_api_for_is_refused(desk: Office) -> None:
    answer = await desk.browser.post("/api/payments/v1/payments", headers={"origin": "http://evil.test"})
    assert (answer.status_code, desk.asked) == (403, [])


@pytest.mark.parametrize(
    "path", ["payments/health/ready", "payments/metrics", "payments/v1/../health/ready", "database/v1/x", "payments/"]
)
async def test_what_is_no_api_is_not_reached(desk: Office, path: str) -> None:
    answer = await desk.get(f"/api/{path}")
    assert answer.status_code == 404
    assert desk.asked == []


@pytest.mark.parametrize(("fault", "status"), [(httpx.ConnectError("x"), 503), (httpx.ReadTimeout("x"), 504)])
async def test_a_service_that_does_not_answer_is_a_problem_to_be_tried_again(
    desk: Office, fault: Exception, status: int
) -> None:
    """ALL-2.1: of a type that is listed, in words of what happened."""
    desk.answers["GET receipts /v1/receipts/ID"] = fault
    answer = await desk.get(f"/api/receipts/v1/receipts/{PATIENT}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.headers["retry-after"] == "1"
    told = answer.json()
    kinds = {503: "unavailable", 504: "gateway-timeout"}
    assert (told["status"], told["type"].rpartition(":")[2]) == (status, kinds[status])
    assert "same Idempotency-Key" in told["detail"]


async def test_what_the_service_refuses_is_its_own_problem(desk: Office) -> None:
    """The same document as at the service's own address."""
    problem = {"type": "urn:problem:dental-billing:unauthenticated", "title": "Who are you?", "status": 401}
    desk.answers["GET payments /v1/payments"] = httpx.Response(
        401, json=problem, headers={"www-authenticate": "Bearer", "set-cookie": "a=b"}
    )
    answer = await desk.get("/api/payments/v1/payments")
    assert (answer.json(), answer.headers["www-authenticate"]) == (problem, "Bearer")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("value", ["Praxis Müller/1".encode(), "é".encode("latin-1"), "ключ".encode(), b"\xff"])
@pytest.mark.parametrize("name", [b"User-Agent", b"X-Clinic", b"Idempotency-Key", b"If-Match"])
async def test_a_header_in_other_letters_reaches_its_service_byte_by_byte(
    desk: Office, name: bytes, value: bytes
) -> None:
    """ALL-2: it is the service that reads it, or does not."""
    desk.answers["POST payments /v1/payments"] = httpx.Response(201, json={"id": 1})
    answer = await desk.browser.post(
        "/api/payments/v1/payments", content=b"{}", headers=[(name, value), (b"Authorization", b"Bearer of a client")]
    )
    assert answer.status_code == 201
    (asked,) = desk.asked
    assert [given for told, given in asked.headers.raw if told.lower() == name.lower()] == [value]


async def test_a_clinic_whose_clients_read_slowly_leaves_places_to_the_others(desk: Office) -> None:
    """ALL-4: the clinic is the token's, or the one that a service names; a place is free again once all was read."""
    of_one, of_other = ({"Authorization": f"Bearer {_token(clinic)}"} for clinic in ("one", "other"))
    places = desk.places
    places["one"] = OF_ONE_MAX
    refused = await desk.browser.get("/api/payments/v1/payments", headers=of_one)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json()["type"].endswith("too-many-requests")
    assert (await desk.browser.get("/api/payments/v1/payments", headers=of_other)).status_code != 429
    places["one"] -= 1
    assert (await desk.browser.get("/api/payments/v1/payments", headers=of_one)).status_code != 429
    assert places == {"one": OF_ONE_MAX - 1}


@pytest.mark.parametrize("path", ["openapi.json", "v1/open/mail-events", "v1/%6Fpen/mail-events", "v1/payments"])
@pytest.mark.parametrize("signed", [False, True])
async def test_who_reads_slowly_without_a_token_takes_no_clinics_place(desk: Office, path: str, signed: bool) -> None:
    """ALL-4.3: what anybody is answered is read from the service at once, whichever clinic an unsigned token names."""
    given = {"Authorization": f"Bearer {_token('one')}"}
    desk.answers |= {"GET payments /openapi.json": {"openapi": "3.1.0"}, "GET payments /v1/open/mail-events": {"a": 1}}
    desk.answers["GET payments /v1/payments"] = httpx.Response(401, json={"status": 401})
    async with _reading_slowly(desk, f"/api/payments/{path}", given if signed else {"Clinic-Id": "one"}) as reading:
        assert (dict(desk.places), desk.busy) == ({}, set())
        desk.answers["GET payments /v1/payments"] = {"items": []}
        assert (await desk.browser.get("/api/payments/v1/payments", headers=given)).status_code == 200
    answers = await asyncio.gather(*reading)
    assert len(answers) == OF_ONE_MAX
    told = desk.answers.get(f"GET payments /{path.replace('%6F', 'o')}")
    expected = (401, {"status": 401}) if path == "v1/payments" else (200, told)
    assert all((answer.status_code, answer.json()) == expected for answer in answers)


async def test_a_clinics_own_long_answer_is_passed_on_as_it_comes(desk: Office) -> None:
    """ALL-4.3: it holds its place and its connection while it is read, and both are free at its end."""
    desk.answers["GET payments /v1/payments"] = {"items": ["x" * KEPT_BYTES_MAX]}
    given = {"Authorization": f"Bearer {_token('one')}"}
    async with _reading_slowly(desk, "/api/payments/v1/payments", given, readers=2) as reading:
        assert (desk.places["one"], len(desk.busy)) == (2, 2)
    assert {len(answer.json()["items"][0]) for answer in await asyncio.gather(*reading)} == {KEPT_BYTES_MAX}
    assert (dict(desk.places), desk.busy) == ({}, set())


async def test_an_answer_to_anybody_that_is_too_long_is_not_kept(desk: Office) -> None:
    """ALL-4.3: neither one of them nor all together fill the memory; what is short is told even then."""
    desk.answers["GET payments /openapi.json"] = {"openapi": "x" * KEPT_BYTES_MAX}
    answer = await desk.get("/api/payments/openapi.json")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:dental-billing:unavailable")
    desk.answers["GET payments /openapi.json"] = {"openapi": "x" * IN_MEMORY_BYTES}
    room = desk.app.state.answers
    room.left, all_of_it = IN_MEMORY_BYTES, room.left
    answer = await desk.get("/api/payments/openapi.json")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:dental-billing:overloaded")
    assert answer.headers["retry-after"] == "1"
    assert (await desk.get("/api/payments/v1/payments")).status_code == 404
    room.left = all_of_it
    async with _reading_slowly(desk, "/api/payments/openapi.json", {}, readers=2) as reading:
        assert room.left < all_of_it - 2 * IN_MEMORY_BYTES
    assert {answer.status_code for answer in await asyncio.gather(*reading)} == {200}
    assert (room.left, dict(desk.places), desk.busy) == (all_of_it, {}, set())


async def test_who_sends_slowly_in_a_clinics_name_takes_none_of_its_places(desk: Office) -> None:
    """ALL-4: a token is read before anybody has checked it, so a made-up one must hold up nobody of whom it names."""
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"{"
        begun.release()
        await go_on.wait()
        yield b"}"

    headers = {"Authorization": f"Bearer {_token('one')}"}
    desk.answers["POST payments /v1/payments"] = httpx.Response(401, json={})
    sending = [
        asyncio.create_task(desk.browser.post("/api/payments/v1/payments", content=slowly(), headers=headers))
        for _ in range(OF_ONE_MAX)
    ]
    for _ in sending:
        await begun.acquire()
    assert (await desk.browser.get("/api/payments/v1/payments", headers=headers)).status_code != 429
    assert len(desk.asked) == 1
    go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*sending)} == {401}
    assert {asked.content for asked in desk.asked[1:]} == {b"{}"}
    assert not desk.places


async def test_a_body_that_is_too_large_reaches_no_service(desk: Office) -> None:
    """ALL-2.1."""
    body = b" " * (BODY_BYTES_MAX + 1)
    answer = await desk.browser.post("/api/payments/v1/payments", content=body, headers=KEY)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:problem:dental-billing:payload-too-large")
    assert (desk.asked, desk.app.state.bodies.left) == ([], BODIES_BYTES_MAX)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_change_without_a_token_is_refused_before_its_body_is_read(desk: Office, method: str) -> None:
    """ALL-5, ALL-2.1: as the service would; what is open to anybody goes on to it."""
    parts = Parts([b"{}"])
    answer = await desk.browser.request(method, "/api/payments/v1/payments", content=parts.given())
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem:dental-billing:unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="billing"'
    assert (parts.left, desk.asked) == ([b"{}"], [])
    await desk.browser.request(method, "/api/payments/v1/open/unsubscribe/x", content=parts.given())
    assert (parts.left, [asked.content for asked in desk.asked]) == ([], [b"{}"])


async def test_bodies_together_take_only_so_much(desk: Office) -> None:
    """ALL-4.3: those who send slowly whatever they like fill no memory; a short change is taken in even then."""
    go_on, begun, room = asyncio.Event(), asyncio.Semaphore(0), desk.app.state.bodies
    desk.answers["POST payments /v1/payments"] = httpx.Response(201, json={})
    room.left = BODY_BYTES_MAX * 2

    async def slowly() -> AsyncIterator[bytes]:
        yield b" " * BODY_BYTES_MAX
        begun.release()
        await go_on.wait()

    def post(content: bytes | AsyncIterator[bytes]) -> Coroutine[None, None, httpx.Response]:
        return desk.browser.post("/api/payments/v1/payments", content=content, headers=KEY)

    sending = [asyncio.create_task(post(slowly())) for _ in range(2)]
    for _ in sending:
        await begun.acquire()
    parts = Parts([b" " * IN_MEMORY_BYTES, b" ", b" " * IN_MEMORY_BYTES])
    refused = await post(parts.given())
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:problem:dental-billing:overloaded")
    assert (refused.headers["retry-after"], len(parts.left), room.left) == ("1", 1, 0)
    assert (await post(b" " * IN_MEMORY_BYTES)).status_code == 201
    go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*sending)} == {201}
    assert (await post(b" " * BODY_BYTES_MAX)).status_code == 201
    assert room.left == BODY_BYTES_MAX * 2


async def test_a_body_takes_no_room_while_its_answer_is_read_slowly(desk: Office) -> None:
    """ALL-4.3."""
    desk.answers["POST payments /v1/payments"] = httpx.Response(201, json={})
    body, path = b" " * BODY_BYTES_MAX, "/api/payments/v1/payments"
    async with _reading_slowly(desk, path, KEY, readers=2, method="POST", content=body):
        assert (len(desk.asked), desk.app.state.bodies.left) == (2, BODIES_BYTES_MAX)


@dataclass
class Parts:
    """A body in parts, and those of them that nobody took."""

    left: list[bytes]

    async def given(self) -> AsyncIterator[bytes]:
        while self.left:
            yield self.left.pop(0)


@asynccontextmanager
async def _reading_slowly(
    desk: Office,
    path: str,
    headers: dict[str, str],
    readers: int = OF_ONE_MAX,
    method: str = "GET",
    content: bytes = b"",
) -> AsyncIterator[list[asyncio.Task[httpx.Response]]]:
    """Those who ask and then read nothing, until the block ends."""
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def unread(scope: Scope, receive: Receive, send: Send) -> None:
        async def slowly(message: Message) -> None:
            if not go_on.is_set():
                begun.release()
                await go_on.wait()
            await send(message)

        await desk.app(scope, receive, slowly)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(unread), base_url=desk.browser.base_url) as browser:
        reading = [
            asyncio.create_task(browser.request(method, path, headers=headers, content=content)) for _ in range(readers)
        ]
        for _ in reading:
            await begun.acquire()
        try:
            yield reading
        finally:
            go_on.set()
            await asyncio.wait(reading)


def _token(clinic: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"clinic_id": clinic}).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.signature"
