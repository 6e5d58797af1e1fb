"""At the largest amounts and quantities that a schema allows: no fault, and no event that nobody can read (`ALL-2`).

Generated requests hardly ever have them: three hundred of each operation found nothing that these find at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from chassis.testing.harness import ServiceHarness
from contracts.event import EVENTS

LARGEST = {"amount": "999999999999.99", "quantity": "999999999"}
BOUNDS: list[dict[str, str]] = [
    {"amount": LARGEST["amount"]},
    {"quantity": LARGEST["quantity"]},
    LARGEST,
    {"amount": LARGEST["amount"], "quantity": "1000.0001"},
    {"amount": f"-{LARGEST['amount']}"},
]


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
async def test_nothing_fails_and_every_event_keeps_its_contract_at_the_bounds_of_amounts_and_quantities(
    harness: ServiceHarness, clinic_id: UUID, bounds: dict[str, str]
) -> None:
    async with harness.client(clinic_id=clinic_id) as client:
        for method, path, example in _bodies(harness.app.openapi()):
            answer = await client.request(method, path, json=_enlarged(example, bounds), headers={"If-Match": '"1"'})
            assert answer.status_code < 500, (method, path, answer.text)
    for told in await harness.announced(clinic_id=clinic_id):
        EVENTS[told.type].model_validate_json(told.raw)


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each operation that takes JSON, with the example of what it takes."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                yield method.upper(), path, content["example"]


def _enlarged(value: Any, bounds: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_enlarged(one, bounds) for one in value]
    if isinstance(value, dict):
        return {
            name: bounds[name] if name in bounds and isinstance(one, str) else _enlarged(one, bounds)
            for name, one in value.items()
        }
    return value


async def test_a_period_that_ends_before_it_begins_is_refused_naming_its_end(
    harness: ServiceHarness, clinic_id: UUID
) -> None:
    """ALL-2."""
    backwards = {"from": "2026-02-01", "to": "2026-01-31"}
    async with harness.client(clinic_id=clinic_id) as client:
        for path in _periods(harness.app.openapi()):
            answer = await client.get(path, params=backwards)
            assert answer.status_code == 422, (path, answer.text)
            assert [error["field"] for error in answer.json()["errors"]] == ["to"], (path, answer.text)


def _periods(document: Mapping[str, Any]) -> Iterator[str]:
    """Each list, report or document of a period, of nobody."""
    nobody = "0190f3a1-6c00-7000-8000-0000000000ff"
    for path, item in document["paths"].items():
        parameters = item.get("get", {}).get("parameters", [])
        if {"from", "to"} <= {parameter["name"] for parameter in parameters}:
            yield re.sub(r"\{\w+\}", nobody, path)


async def test_neither_words_nor_decimals_are_taken_for_a_yes_or_a_number(
    harness: ServiceHarness, clinic_id: UUID
) -> None:
    """ALL-2: `"issue": "yes"` issued an invoice."""
    document = harness.app.openapi()
    tried = 0
    async with harness.client(clinic_id=clinic_id) as client:
        for method, path, example in _bodies(document):
            content = document["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
            for field, wrong in _mistyped(document, content["schema"], example):
                answer = await client.request(method, path, json=wrong, headers={"If-Match": '"1"'})
                assert answer.status_code == 422, (method, path, field, answer.text)
                assert any(field in error["field"] for error in answer.json()["errors"]), (path, field, answer.text)
                tried += 1
    assert tried or harness.service.name == "receipts"


def _mistyped(document: Mapping[str, Any], schema: Mapping[str, Any], example: Any) -> Iterator[tuple[str, Any]]:
    """The example with one member, at any depth, that is text or a decimal where a truth value or an integer stands."""
    schema = _resolved(document, schema)
    if isinstance(example, list) and example:
        for name, wrong in _mistyped(document, schema.get("items", {}), example[0]):
            yield name, [wrong, *example[1:]]
    if not isinstance(example, dict):
        return
    for name, member in schema.get("properties", {}).items():
        kinds = {one.get("type") for one in (member, *member.get("anyOf", []))}
        for kind, given in (("boolean", "yes"), ("boolean", 1), ("integer", "3"), ("integer", 3.5)):
            if kind in kinds:
                yield name, example | {name: given}
        if name in example:
            for inner, wrong in _mistyped(document, member, example[name]):
                yield inner, example | {name: wrong}


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference means, or the one of several that is an object or a list."""
    for one in (schema, *schema.get("anyOf", [])):
        if "$ref" in one:
            found: Mapping[str, Any] = document["components"]["schemas"][one["$ref"].rpartition("/")[2]]
            return found
        if "properties" in one or "items" in one:
            return one
    return schema
