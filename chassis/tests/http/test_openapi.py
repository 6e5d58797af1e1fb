"""What the API says of itself is what it does: checked over the document, and by generated requests."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chassis.cli import run
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness
from jsonschema import Draft202012Validator


def description_of(harness: ServiceHarness) -> dict[str, Any]:
    document: dict[str, Any] = harness.app.openapi()
    return document


async def test_every_operation_says_its_scope_its_headers_and_its_problems(harness: ServiceHarness) -> None:
    paths = description_of(harness)["paths"]
    post, put, listed = paths["/v1/books"]["post"], paths["/v1/books/{book_id}"]["put"], paths["/v1/books"]["get"]
    assert (post["operationId"], put["operationId"], listed["operationId"]) == ("post_book", "put_book", "list_books")
    assert post["security"] == [{"token": ["books:write"]}]
    named = {parameter["name"]: parameter["required"] for parameter in put["parameters"]}
    assert named == {"book_id": True, "Idempotency-Key": False, "If-Match": True}
    assert {parameter["name"]: parameter["required"] for parameter in post["parameters"]} == {"Idempotency-Key": True}
    assert set(post["responses"]) == {"201", *"400 401 403 409 413 415 422 429 500 503".split()}
    assert set(put["responses"]) == {"200", *"400 401 403 404 409 412 413 415 422 428 429 500 503".split()}
    assert set(listed["responses"]) == {"200", *"401 403 422 429 500 503".split()}
    for status, answer in post["responses"].items():
        if status != "201":
            assert list(answer["content"]) == ["application/problem+json"]


async def test_description_has_one_problem_schema_and_lists_the_services_own(harness: ServiceHarness) -> None:
    document = description_of(harness)
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    Draft202012Validator.check_schema(schemas["Problem"])
    assert {"type": "urn:problem:dental-billing:title-taken", "status": 409, "title": "The title is taken"} in document[
        "x-problems"
    ]


def test_description_needs_no_database(harness: ServiceHarness, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(harness.service, ["openapi"]) == 0
    assert '"post_book"' in capsys.readouterr().out


async def test_generated_requests_are_answered_as_described(harness: ServiceHarness) -> None:
    from chassis.testing.answers import check_answers  # a second to load, in each worker

    async with harness.served() as address:
        token = harness.issuer.token(new_id(), "books:read books:write")
        await asyncio.to_thread(check_answers, description_of(harness), address, token, examples=30)
