"""No event holds what PostgreSQL keeps in no column: schema and class refuse it, naming the member (`ALL-2`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from contracts.event import EVENTS, LARGEST_VERSION, TEXT
from contracts.golden import GOLDEN, data_of
from contracts.rendering.schemas import schema_of
from jsonschema import Draft202012Validator
from pydantic import ValidationError

Path = tuple[str | int, ...]


def texts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every text within a schema that is told by neither a form nor a list of values."""
    if isinstance(schema, list):
        for one in schema:
            yield from texts(one)
    if isinstance(schema, dict):
        if schema.get("type") == "string" and not schema.keys() & {"format", "enum", "const"}:
            yield schema
        for name, one in schema.items():
            if name not in ("examples", "default"):
                yield from texts(one)


def spoilt(data: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Copies of a document, each with a NUL in another of its texts, and where."""
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, member in members:
        inner = (
            [((*at, name), f"{member[:1]}\0{member[1:]}")] if isinstance(member, str) else spoilt(member, (*at, name))
        )
        for place, value in inner:
            copy = data.copy()
            copy[name] = value
            yield place, copy


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_schema_refuses_nul_in_each_text(event_type: str) -> None:
    """ALL-2: a member that is a plain `str` is to be a `Text`."""
    for schema in texts(schema_of(EVENTS[event_type])):
        assert not Draft202012Validator(schema).is_valid("a\0b"), schema
        assert schema["pattern"] != TEXT or Draft202012Validator(schema).is_valid("🦷\n"), schema


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_class_refuses_nul_in_each_member_and_names_it(event_type: str) -> None:
    """ALL-2: also in what has a form or a list of values, in a part, and in a list."""
    documents = list(spoilt(data_of(GOLDEN[event_type])))
    assert len(documents) >= len(data_of(GOLDEN[event_type]).keys() & {"clinic_id", "occurred_at", "patient_id"}) > 1
    for place, document in documents:
        with pytest.raises(ValidationError) as refused:
            EVENTS[event_type].model_validate_json(json.dumps(document))
        assert place in {error["loc"] for error in refused.value.errors()}


@pytest.mark.parametrize("event_type", EVENTS)
def test_an_integer_has_a_bound_that_a_column_has_too(event_type: str) -> None:
    """ALL-2: a member that is a plain `int` is to be a `Count` or a `Version`."""
    for schema in integers(schema_of(EVENTS[event_type])):
        assert schema.get("maximum", LARGEST_VERSION + 1) <= LARGEST_VERSION, schema


def integers(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict) and schema.get("type") == "integer":
        yield schema
    for one in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from integers(one)


def test_text_of_any_script_is_taken() -> None:
    registered = GOLDEN["dental.patient.registered.v1"]
    for name in ("Ινές", "李", "👩🏽‍🦱", "two\nlines", "", "\x01", "\uffff"):
        written = json.dumps(data_of(registered) | {"given_name": name})
        read = type(registered.event).model_validate_json(written)
        assert json.loads(read.model_dump_json())["given_name"] == name
