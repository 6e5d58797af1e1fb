"""Every service's API: tokens, scopes, problem documents, idempotency, and a description that is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from bad_tokens import bad_requests
from chassis.http.patterns import UNEXPLAINED, refusal_of
from chassis.testing.harness import ServiceHarness
from described import address, operations
from jsonschema import Draft202012Validator

PROBLEM = "application/problem+json"
BLANK = (" ", "\u200b", "\u2060 \ufe0f", "\u3164", "\U000e0041")


def patterns_within(schema: Any) -> Iterator[str]:
    """Every pattern of text in a JSON schema."""
    members = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and isinstance(schema.get("pattern"), str):
        yield schema["pattern"]
    for member in members:
        yield from patterns_within(member)


async def test_no_refusal_shows_a_regular_expression(harness: ServiceHarness) -> None:
    """ALL-2: every pattern of a body or of a filter has words for what does not fit it."""
    description = harness.app.openapi()
    filters = [
        one
        for _, _, operation in operations(harness)
        for one in operation.get("parameters", [])
        if one["in"] == "query"
    ]
    schemas = description["components"]["schemas"].items()
    bodies = [one for name, one in schemas if name != "Problem" and not name.endswith("Out")]
    unexplained = {one for one in patterns_within([bodies, filters]) if refusal_of(one) == UNEXPLAINED}
    assert unexplained == set()


def blank_within(schema: Any, name: str) -> Iterator[str]:
    """Every member of a JSON schema that must have a character, and takes one that nobody sees."""
    members = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    is_needed = isinstance(schema, dict) and schema.get("type") == "string" and schema.get("minLength", 0) > 0
    if is_needed and any(re.search(schema.get("pattern", ""), blank) for blank in BLANK):
        yield name
    for at, member in members:
        yield from blank_within(member, f"{name}.{at}")


async def test_no_member_that_has_to_say_something_takes_what_nobody_sees(harness: ServiceHarness) -> None:
    """ALL-2, ALL-5: a reason of zero-width characters is none; what is searched for need not say anything."""
    schemas = harness.app.openapi()["components"]["schemas"].items()
    bodies = [(one, name) for name, one in schemas if name != "Problem" and not name.endswith(("Out", "SearchIn"))]
    assert [found for one, name in bodies for found in blank_within(one, name)] == []


async def test_without_a_token_nothing_is_answered(harness: ServiceHarness) -> None:
    """ALL-5."""
    async with harness.client() as client:
        del client.headers["Authorization"]
        for method, path, operation in operations(harness):
            answer = await client.request(method, address(path, operation))
            assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM), (method, path)
            assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.rule("ALL-5.1")
async def test_no_operation_answers_a_bad_token_of_any_kind_nor_changes_anything(
    harness: ServiceHarness, clinic_id: UUID
) -> None:
    """ALL-4, ALL-5: with a body and headers that would do."""
    before, let_in = await everything(harness), []
    kinds = list(bad_requests(harness.issuer, clinic_id))
    async with harness.client() as client:
        del client.headers["Authorization"]
        for method, path, operation in operations(harness):
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
            for kind, status, headers in kinds:
                given = headers | {"If-Match": '"1"'}
                answer = await client.request(method, address(path, operation), json=body, headers=given)
                if (answer.status_code, answer.headers["content-type"]) != (status, PROBLEM):
                    let_in.append((kind, method, path, answer.status_code))
                assert status != 401 or "Bearer" in answer.headers["www-authenticate"]
    assert let_in == []
    assert await everything(harness) == before


async def everything(harness: ServiceHarness) -> dict[str, str]:
    """All rows of every table, as one hash of each."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = "SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM \"{}\" t"
        return {name: await connection.fetchval(rows.format(name)) for (name,) in names}
    finally:
        await connection.close()


@pytest.mark.rule("ALL-5.1")
async def test_a_token_without_the_scope_is_refused_and_told_which(harness: ServiceHarness) -> None:
    """ALL-5."""
    async with harness.client(scopes="nothing:read") as client:
        for method, path, operation in operations(harness):
            answer = await client.request(method, address(path, operation), headers={"If-Match": '"1"'})
            assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM), (method, path)
            assert ":" in answer.json()["detail"] or "operations" in answer.json()["detail"]


@pytest.mark.rule("ALL-1.1")
async def test_a_post_without_an_idempotency_key_is_refused(harness: ServiceHarness) -> None:
    """ALL-1."""
    async with harness.client(give_keys=False) as client:
        for method, path, operation in operations(harness):
            takes_key = any(p["name"].lower() == "idempotency-key" for p in operation.get("parameters", []))
            if method != "post" or not takes_key:
                continue
            answer = await client.post(address(path, operation), json={})
            assert answer.status_code in (400, 422), (method, path)
            assert answer.headers["content-type"] == PROBLEM


@pytest.mark.rule("ALL-2.1")
async def test_what_is_not_there_is_a_problem_document(harness: ServiceHarness) -> None:
    """ALL-2."""
    async with harness.client() as client:
        answer = await client.get("/v1/nowhere")
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert {"type", "title", "status"} <= answer.json().keys()
        for method, path, operation in operations(harness):
            if method == "get" and "{" in path and "date" not in path:
                answer = await client.get(address(path, operation))
                # A clinic without settings is told so (409), wherever amounts need its currency.
                assert answer.status_code in (200, 404, 409), (path, answer.text)
                if answer.status_code != 200:
                    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.rule("ALL-2.2")
async def test_a_malformed_body_is_refused_naming_the_field(harness: ServiceHarness) -> None:
    """ALL-2."""
    async with harness.client() as client:
        for method, path, operation in operations(harness):
            if "requestBody" not in operation:
                continue
            headers = {"If-Match": '"1"', "Content-Type": "application/json"}
            broken = await client.request(method, address(path, operation), content=b"{", headers=headers)
            assert (broken.status_code, broken.headers["content-type"]) == (400, PROBLEM), (method, path)
            unknown = await client.request(
                method, address(path, operation), json={"no_such_member": "Jane Doe"}, headers=headers
            )
            assert (unknown.status_code, unknown.headers["content-type"]) == (422, PROBLEM), (method, path)
            assert "Jane" not in unknown.text
            assert unknown.json()["errors"]


async def test_every_operation_is_described_with_its_problems_and_an_example(harness: ServiceHarness) -> None:
    """ALL-2."""
    names: set[str] = set()
    for method, path, operation in operations(harness):
        names.add(operation["operationId"])
        assert operation.get("summary"), (method, path)
        assert operation.get("description"), (method, path)
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert list(answer["content"]) == [PROBLEM], (method, path, status)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert body is None or "example" in str(body) or "example" in str(_schema(harness, body)), (method, path)
    assert len(names) == len(list(operations(harness)))


async def test_every_body_has_an_example_that_its_schema_accepts(harness: ServiceHarness) -> None:
    """What a reader of the description copies is what the API takes, and what it answers."""
    document = harness.app.openapi()
    wrong: list[str] = []
    for method, path, operation in operations(harness):
        bodies = {"request": operation.get("requestBody", {})}
        bodies |= {status: one for status, one in operation["responses"].items() if status.startswith("2")}
        for name, body in bodies.items():
            content = body.get("content", {}).get("application/json")
            if content is None:
                continue
            schema = content["schema"] | {"components": document["components"]}
            checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
            found = checker.iter_errors(content["example"])
            wrong += [f"{method} {path} {name}: {one.json_path} {one.message}" for one in found]
    assert wrong == []


async def test_health_needs_no_token(harness: ServiceHarness) -> None:
    async with harness.client() as client:
        del client.headers["Authorization"]
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/health/ready")).status_code == 200


@pytest.mark.rule("ALL-8.1")
async def test_the_proof_finds_no_difference_in_an_empty_clinic(harness: ServiceHarness) -> None:
    """ALL-8."""
    async with harness.client() as client:
        answer = await client.get("/v1/prove")
    assert answer.status_code == 200, answer.text
    assert "difference" in answer.text


def _schema(harness: ServiceHarness, body: dict[str, Any]) -> Any:
    name = body["schema"].get("$ref", "").rpartition("/")[2]
    return harness.app.openapi()["components"]["schemas"].get(name, {})


@pytest.mark.rule("ALL-3.2")
async def test_a_change_of_something_versioned_needs_the_version_it_was_decided_on(harness: ServiceHarness) -> None:
    """ALL-3."""
    async with harness.client() as client:
        for method, path, operation in operations(harness):
            named = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
            assert method not in ("put", "patch") or "if-match" in named, (method, path)
            if "if-match" not in named:
                continue
            assert {"412", "428"} & set(operation["responses"]), (method, path)
            answer = await client.request(method, address(path, operation), headers={"If-Match": "nonsense"})
            assert 400 <= answer.status_code < 500, (path, answer.text)
