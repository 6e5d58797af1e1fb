"""Every error is a problem document that names the field and nothing that was sent (`ALL-2`, RFC 9457)."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

import httpx
import orjson
import pytest
from chassis.http.app import health_app
from chassis.http.connection import BODY_BYTES_MAX
from chassis.http.figures import figures_of
from chassis.http.problems import INVALID, FieldError, Problem, problem_response
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness

SCOPES = "books:read books:write"
KINDS = [one for one in vars(import_module("chassis.http.problems")).values() if isinstance(one, Problem)]


def problem_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["title"]
    assert document["detail"]
    return str(document["type"]).removeprefix("urn:problem:dental-billing:")


async def posted(harness: ServiceHarness, content: bytes | str, kind: str = "application/json") -> httpx.Response:
    async with harness.client(SCOPES) as client:
        return await client.post("/v1/books", content=content, headers={"Content-Type": kind})


@pytest.mark.rule("ALL-2.1", "ALL-2.2")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x"}, "pages"),
        ({"title": "x", "pages": [1, 0]}, "pages[1]"),
        ({"title": "x", "pages": ["Miller"]}, "pages[0]"),
        ({"title": "x", "pages": [1], "color": "red"}, "color"),
        ({"title": "x", "pages": [1], "price": {"amount": "1.234", "currency": "USD"}}, "price.amount"),
        ({"title": "x", "pages": [1], "price": {"amount": "1.23", "currency": "XXX"}}, "price.currency"),
        ({"title": "x", "pages": [1], "price": {"amount": "1e3", "currency": "USD"}}, "price.amount"),
        ({"title": "x", "pages": [1], "price": {"amount": "\u0661", "currency": "USD"}}, "price.amount"),
        ({"title": "x", "pages": [1], "price": {"amount": "1_00", "currency": "USD"}}, "price.amount"),
        ({"title": "x", "pages": [1], "price": {"amount": "1.230", "currency": "USD"}}, "price.amount"),
        ({"title": "x", "pages": [1], "price": {"amount": "1935.0", "currency": "JPY"}}, "price.amount"),
        ({"title": "a\x00b", "pages": [1]}, "title"),
        ([], "body"),
    ],
)
async def test_invalid_body_names_the_field_and_not_the_value(harness: ServiceHarness, body: Any, field: str) -> None:
    async with harness.client(SCOPES) as client:
        refused = await client.post("/v1/books", json=body)
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert "Miller" not in refused.text


async def test_refusals_are_in_words_of_our_own(harness: ServiceHarness) -> None:
    body = {"color": "red", "pages": [1], "price": {"amount": "1.2605", "currency": "EUR"}}
    async with harness.client(SCOPES) as client:
        refused = (await client.post("/v1/books", json=body)).json()
        priced = (await client.post("/v1/books", json={"title": "x", "pages": [1], "price": body["price"]})).json()
    assert {error["field"]: error["detail"] for error in refused["errors"]} == {
        "color": "is not a field of this request",
        "title": "is missing",
    }
    assert [error["detail"] for error in priced["errors"]] == ["EUR has 2 decimals, the amount has 4"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"title": "x", "pages": [1], "title": "y"}', "title"),
        (b'{"title": "x", "pages": [1], "price": {"amount": "1", "currency": "USD", "amount": "2"}}', "amount"),
        (b'{"title": "x", "pages": [1], "t\\u0069tle": "y"}', "title"),
    ],
)
async def test_a_member_given_twice_is_refused(harness: ServiceHarness, content: bytes, field: str) -> None:
    refused = await posted(harness, content)
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
    assert refused.json()["errors"] == [{"field": field, "detail": "is given twice in one object"}]


@pytest.mark.rule("RCP-10.1")
async def test_what_cannot_be_printed_is_refused_where_it_is_entered_to_be_printed(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its escape, too; of a service whose texts stand on documents."""
    monkeypatch.setattr(harness.app.state, "printed", True)
    for content in ('{"title": "\N{TOOTH}", "pages": [1]}'.encode(), b'{"title": "\\ud83e\\uddb7", "pages": [1]}'):
        refused = await posted(harness, content)
        assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
        assert refused.json()["errors"] == [
            {
                "field": "title",
                "detail": "has a character that no document can print: U+1F9B7",
                "sentence": "has a character that no document can print: {character}",
                "values": {"character": "U+1F9B7"},
            }
        ]
    assert (await posted(harness, '{"title": "王小明", "pages": [1]}')).status_code in {200, 201}


@pytest.mark.parametrize("name", ["Idempotency-Key", "If-Match", "Authorization", "Content-Type"])
async def test_a_header_sent_twice_is_refused(harness: ServiceHarness, name: str) -> None:
    async with harness.client(SCOPES) as client:
        own = [(key, value) for key, value in client.headers.items() if key != name.lower()]
        twice = [*own, (name, "application/json"), (name, "application/json")]
        refused = await client.send(
            httpx.Request("POST", client.base_url.join("/v1/books"), headers=twice, content=b'{"title": "x"}')
        )
    assert (refused.status_code, problem_of(refused)) == (400, "bad-request")
    assert refused.json()["errors"] == [{"field": name.lower(), "detail": "is sent more than once"}]


async def test_a_parameter_given_twice_is_refused(harness: ServiceHarness) -> None:
    async with harness.client(SCOPES) as client:
        refused = await client.get("/v1/books?limit=5&limit=6")
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
    assert refused.json()["errors"] == [{"field": "limit", "detail": "is given twice"}]


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe", b'{"title": NaN}', b"[" * 5_000, b'{"a": 1,}', b'{"a": ' + b"[" * 255 + b"]" * 255 + b"}"],
)
async def test_body_that_is_no_json_is_told_apart(harness: ServiceHarness, content: bytes) -> None:
    refused = await posted(harness, content)
    assert (refused.status_code, problem_of(refused)) == (400, "malformed-json")
    assert refused.json()["detail"] != refused.json()["title"]


async def test_a_body_that_is_no_json_is_told_where(harness: ServiceHarness) -> None:
    refused = await posted(harness, b'{"title": "x",\n "pages": [1}')
    assert refused.json()["detail"].startswith("It is no JSON at line 2, character ")


@pytest.mark.parametrize(
    "content",
    [
        b'{"title": "\\ud800", "pages": [1]}',
        b'{"title": "\xed\xa0\x80", "pages": [1]}',
        b'{"title": "x", "pages": [' + b"9" * 400 + b"]}",
        b'{"title": "x", "pages": [9223372036854775808]}',
        b'{"title": "x", "pages": [9223372036854775807, 9223372036854775807]}',
        b'{"title": "a\\u0000", "pages": [1]}',
        b'{"title": "a\\\\u0000\\u0000", "pages": [1]}',
    ],
)
async def test_values_that_no_database_keeps_are_refused(harness: ServiceHarness, content: bytes) -> None:
    refused = await posted(harness, content)
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")


@pytest.mark.parametrize(
    ("content", "field", "detail"),
    [
        (b'{"title": "tooth \\ud83e", "pages": [1]}', "title", "is not Unicode text"),
        (b'{"title": "x", "pages": ["\\udd9f"]}', "pages[0]", "is not Unicode text"),
        (b'{"title": "x", "price": {"currency": "\\ud800"}}', "price.currency", "is not Unicode text"),
        (b'{"\\ud800": "x"}', "body", "is not Unicode text"),
        (b'{"title": "x", "pages": [1e999]}', "pages[0]", "is a number beyond all bounds"),
        (b'{"title": "x", "price": {"currency": "\\u0000"}}', "price.currency", "must not contain NUL"),
    ],
)
async def test_the_member_that_cannot_be_kept_is_named(
    harness: ServiceHarness, content: bytes, field: str, detail: str
) -> None:
    """ALL-2: what PostgreSQL keeps in no text, wherever it is, is told by the name of its field."""
    refused = await posted(harness, content)
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
    assert refused.json()["errors"] == [{"field": field, "detail": detail}]


@pytest.mark.parametrize(
    ("url", "field"),
    [("?limit=5&cursor=a%00", "cursor"), ("?a%00=1", "url"), ("/a%00", "url"), ("?%00", "url"), ("?=%00", "url")],
)
async def test_nul_in_an_address_is_refused_naming_the_parameter(harness: ServiceHarness, url: str, field: str) -> None:
    """ALL-2."""
    async with harness.client(SCOPES) as client:
        refused = await client.get(f"/v1/books{url}")
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
    assert refused.json()["errors"] == [{"field": field, "detail": "must not contain NUL"}]


async def test_text_that_only_looks_like_nul_is_taken(harness: ServiceHarness) -> None:
    taken = await posted(harness, b'{"title": "a\\\\u0000", "pages": [1]}')
    assert taken.status_code == 201


async def test_body_that_is_too_large_is_refused(harness: ServiceHarness) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * (BODY_BYTES_MAX // 16)

    refused = await posted(harness, b" " * (BODY_BYTES_MAX + 1))
    async with harness.client(SCOPES) as client:
        streamed = await client.post("/v1/books", content=chunks(), headers={"Content-Type": "application/json"})
    assert (refused.status_code, problem_of(refused)) == (413, "payload-too-large")
    assert (streamed.status_code, problem_of(streamed)) == (413, "payload-too-large")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/x-www-form-urlencoded"])
async def test_body_of_another_media_type_is_refused(harness: ServiceHarness, kind: str) -> None:
    refused = await posted(harness, b'{"title": "x", "pages": [1]}', kind)
    assert (refused.status_code, problem_of(refused)) == (415, "unsupported-media-type")


async def test_media_type_with_parameters_is_taken(harness: ServiceHarness) -> None:
    taken = await posted(harness, b'{"title": "y", "pages": [1]}', "Application/JSON; charset=utf-8")
    assert taken.status_code == 201


async def test_route_and_method_that_do_not_exist(harness: ServiceHarness) -> None:
    async with harness.client(SCOPES) as client:
        nowhere = await client.get("/v1/films")
        wrong = await client.delete("/v1/books")
        nul = await client.get("/v1/books/%00")
        query = await client.get("/v1/books?cursor=%00")
        no_uuid = await client.get("/v1/books/Miller")
    assert (nowhere.status_code, problem_of(nowhere)) == (404, "not-found")
    assert (wrong.status_code, problem_of(wrong)) == (405, "method-not-allowed")
    assert "GET" in wrong.headers["allow"]
    assert (nul.status_code, query.status_code) == (422, 422)
    assert no_uuid.json()["errors"][0]["field"] == "book_id"
    assert "Miller" not in no_uuid.text


async def test_misspelled_parameter_is_refused_by_its_name(harness: ServiceHarness) -> None:
    async with harness.client(SCOPES) as client:
        refused = await client.get("/v1/books", params={"limit": "2", "form": "2026-01-01"})
    assert (refused.status_code, problem_of(refused)) == (422, "invalid-request")
    assert [error["field"] for error in refused.json()["errors"]] == ["form"]


async def test_unforeseen_error_gives_a_trace_and_no_detail(harness: ServiceHarness) -> None:
    async with harness.client(SCOPES) as client:
        trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        failed = await client.post("/v1/books", json={"title": "crash", "pages": [1]}, headers=trace)
    assert (failed.status_code, problem_of(failed)) == (500, "internal")
    assert failed.json()["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert "Miller" not in failed.text


async def test_database_that_is_away_is_unavailable_and_the_api_recovers(harness: ServiceHarness) -> None:
    async with harness.client(SCOPES) as client:
        assert (await client.get("/v1/books")).status_code == 200
        settled = harness.owned
        import asyncpg

        admin = await asyncpg.connect(settled.admin_dsn)
        try:
            await admin.execute(f'ALTER DATABASE "{settled.name}" CONNECTION LIMIT 0')
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            away = [await client.get("/v1/books") for _ in range(3)]
            unready = await client.get("/health/ready")
            alive = await client.get("/health/live")
            await admin.execute(f'ALTER DATABASE "{settled.name}" CONNECTION LIMIT -1')
        finally:
            await admin.close()
        back = await client.get(f"/v1/books/{new_id()}")
        ready = await client.get("/health/ready")
    assert {(one.status_code, problem_of(one)) for one in away} == {(503, "unavailable")}
    assert all(int(one.headers["retry-after"]) > 0 for one in away)
    assert (unready.status_code, unready.json()["checks"]) == (503, {"database": "failed"})
    assert alive.status_code == 200
    assert back.status_code == 404
    assert ready.status_code == 200


async def test_health_needs_no_token(harness: ServiceHarness) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(harness.app), base_url="http://test") as client:
        ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")


async def test_however_many_ask_whether_it_is_ready_one_looks(harness: ServiceHarness) -> None:
    looked = 0

    async def look() -> None:
        nonlocal looked
        looked += 1
        await asyncio.sleep(0)

    harness.resources.checks["counted"] = look
    async with httpx.AsyncClient(transport=httpx.ASGITransport(harness.app), base_url="http://test") as client:
        answers = await asyncio.gather(*(client.get("/health/ready") for _ in range(20)))
    del harness.resources.checks["counted"]
    assert {answer.status_code for answer in answers} == {200}
    assert looked < 20


async def test_how_far_behind_it_is_is_said_at_the_inner_port_only(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness.resources, "figures", figures_of(harness.database, lambda: True))
    said = []
    for app in (harness.app, health_app(harness.resources)):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            said.append((await client.get("/health/ready")).json())
    assert ["figures" in one for one in said] == [False, True]
    assert said[1]["figures"]["messages_waiting"] == 0
    assert said[1]["figures"]["relay_leads"] == 1


@pytest.mark.parametrize("path", ["/v1/books", "/v1/nowhere", "/health/live", "/v1/books?title=%00"])
async def test_answers_are_for_no_cache_and_no_guess(harness: ServiceHarness, path: str) -> None:
    """ALL-6: they may hold personal data, problems too."""
    async with harness.client(SCOPES) as client:
        headers = (await client.get(path)).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("problem", KINDS, ids=[one.slug for one in KINDS])
async def test_every_kind_of_problem_says_what_to_do(problem: Problem) -> None:
    """Also where whoever refuses says nothing more; what a case says of its own comes first."""
    document = orjson.loads(problem_response(problem).body)
    assert document["detail"] not in ("", problem.title)
    assert orjson.loads(problem_response(problem, "as it is").body)["detail"] == "as it is"


def test_what_is_wrong_with_fields_is_the_detail() -> None:
    errors = [FieldError("currency", "is missing"), FieldError("name", "is blank"), FieldError("language", "is blank")]
    for given, said in ((errors[:1], "currency: is missing"), (errors, "currency: is missing; and 2 more in errors")):
        assert orjson.loads(problem_response(INVALID, errors=given).body)["detail"] == said


async def test_an_idempotency_key_used_again_says_what_to_do(harness: ServiceHarness) -> None:
    """ALL-1."""
    async with harness.client(SCOPES) as client:
        for pages in (1, 2):
            body = {"title": "x", "pages": [pages]}
            answer = await client.post("/v1/books", json=body, headers={"Idempotency-Key": "used twice"})
    assert (answer.status_code, problem_of(answer)) == (422, "idempotency-key-reused")
    assert "new Idempotency-Key" in answer.json()["detail"]
