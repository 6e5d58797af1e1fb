"""The front desk's API client: a clinic for each call, patience where it helps, a sentence where it does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import uuid4

import orjson
import pytest
from local_stack.practice.addresses import Addresses
from local_stack.practice.api import Api
from local_stack.practice.problems import Refused, StackUnreachable

Serving = Callable[..., AbstractAsyncContextManager[Any]]
CLINIC = uuid4()


def answer(status: int, body: Any, **headers: str) -> bytes:
    content = orjson.dumps(body)
    lines = [f"HTTP/1.1 {status} Said", "Content-Type: application/json", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


TOKEN = answer(200, {"access_token": "tok", "expires_in": 600})


def api_at(url: str, patience_seconds: float = 5.0) -> Api:
    return Api(Addresses(url, url, url, url, f"{url}/token", "desk", "secret", "", ""), patience_seconds)


async def test_the_token_is_a_services_fetched_once_and_each_call_names_its_clinic(serving: Serving) -> None:
    async with serving(TOKEN, answer(200, {}), answer(200, {})) as server, api_at(server.url) as api:
        await api.get("payments", CLINIC, "/v1/a")
        await api.get("invoicing", CLINIC, "/v1/b", limit=2)
    assert b"grant_type=client_credentials" in server.asked[0]
    assert b"clinics%3Aany" in server.asked[0]
    assert f"Clinic-Id: {CLINIC}\r\n".encode() in server.asked[1]
    assert b"Authorization: Bearer tok\r\n" in server.asked[1]
    assert server.asked[2].startswith(b"GET /v1/b?limit=2 HTTP/1.1")


async def test_a_change_is_repeated_under_the_same_key_until_it_is_taken(serving: Serving) -> None:
    answers = [
        TOKEN,
        answer(503, {"type": "urn:problem:unavailable"}),
        b"",  # the service was killed
        answer(409, {"type": "urn:problem:dental-billing:clinic-not-configured"}),
        answer(404, {"type": "urn:problem:dental-billing:invoice-unknown"}, Retry_After="1"),
        answer(201, {"id": "x"}, ETag='"1"'),
    ]
    key = uuid4()
    async with serving(*answers) as server, api_at(server.url) as api:
        made = await api.post("payments", CLINIC, "/v1/payments", {"amount": 1}, key)
    assert (made.body, made.etag, made.replayed) == ({"id": "x"}, '"1"', False)
    assert all(f"Idempotency-Key: {key}".encode() in asked for asked in server.asked[1:])


async def test_a_document_that_is_being_made_is_asked_for_until_it_is_there(serving: Serving) -> None:
    """RCP-5: a service is not kept waiting, it asks again."""
    being_made = answer(404, {"type": "urn:problem:dental-billing:document-not-ready"}, Retry_After="1")
    async with serving(TOKEN, being_made, being_made, answer(200, {})) as server, api_at(server.url) as api:
        await api.document("receipts", CLINIC, "/v1/receipts/1/pdf")
    assert [asked.split(b" ")[1] for asked in server.asked[1:]] == [b"/v1/receipts/1/pdf"] * 3


async def test_a_rejected_token_is_fetched_anew_once(serving: Serving) -> None:
    denied = answer(401, {"title": "no"})
    async with serving(TOKEN, denied, TOKEN, denied) as server, api_at(server.url) as api:
        with pytest.raises(Refused) as refused:
            await api.get("payments", CLINIC, "/v1/a")
    assert refused.value.status == 401


async def test_a_refusal_says_request_status_reason_and_fields(serving: Serving) -> None:
    problem = {
        "type": "urn:problem:dental-billing:invalid",
        "detail": "The request is not valid",
        "errors": [{"field": "amount", "detail": "must be above zero"}],
    }
    async with serving(TOKEN, answer(422, problem)) as server, api_at(server.url) as api:
        with pytest.raises(Refused) as refused:
            await api.post("payments", CLINIC, "/v1/payments", {}, uuid4())
    said = "POST payments/v1/payments was answered 422: The request is not valid (amount: must be above zero)"
    assert str(refused.value) == said
    assert refused.value.slug == "invalid"


async def test_a_missing_thing_is_not_asked_for_again(serving: Serving) -> None:
    async with serving(TOKEN, answer(404, {"title": "Not found"})) as server, api_at(server.url) as api:
        with pytest.raises(Refused):
            await api.get("payments", CLINIC, "/v1/payments/1")
    assert len(server.asked) == 2


async def test_patience_ends(serving: Serving) -> None:
    later = [answer(503, {})] * 20
    async with serving(TOKEN, *later) as server, api_at(server.url, patience_seconds=0.2) as api:
        with pytest.raises(Refused):
            await api.get("payments", CLINIC, "/v1/a")
    assert 2 < len(server.asked) < 20


async def test_pages_are_followed_by_cursor_to_the_end(serving: Serving) -> None:
    first = answer(200, {"items": [{"n": 1}, {"n": 2}], "next": "c/+"})
    last = answer(200, {"items": [{"n": 3}], "next": None})
    async with serving(TOKEN, first, last) as server, api_at(server.url) as api:
        assert [item["n"] async for item in api.pages("payments", CLINIC, "/v1/payments")] == [1, 2, 3]
    assert b"/v1/payments?limit=200&cursor=c%2F%2B HTTP/1.1" in server.asked[2]


async def test_a_stack_that_does_not_run_is_said_at_once(serving: Serving) -> None:
    async with serving() as server:
        url = server.url
    async with api_at(url) as api:
        with pytest.raises(StackUnreachable, match=rf"invoicing does not answer at {url} .*make up"):
            await api.reach()
