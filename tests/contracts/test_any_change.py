"""Whatever is changed in a real schema: what the check lets through, both sides read alike."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from contracts.comparison import breaks
from contracts.event import EVENTS
from contracts.golden import GOLDEN, data_of
from contracts.rendering.schemas import schema_of
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["string", "null", "object", ["string", "null"], "integer", "number"]),
    "enum": st.lists(st.sampled_from(["cash", "1", 1, None]), min_size=1, max_size=2, unique=True),
    "const": st.sampled_from(["cash", 1, None]),
    "pattern": st.sampled_from(["^[a-z]*$", "^.{0,3}$"]),
    "maxLength": st.integers(0, 3),
    "minLength": st.integers(1, 99),
    "minimum": st.integers(2, 9),
    "multipleOf": st.integers(2, 9),
    "maxItems": st.integers(0, 1),
    "minItems": st.integers(1, 2),
    "uniqueItems": st.just(value=True),
    "minProperties": st.integers(1, 30),
    "additionalProperties": st.sampled_from([False, {"type": "string"}]),
    "required": st.just(["clinic_id", "amount", "anything"]),
    "items": st.sampled_from([{"type": "string"}, {"type": "string", "maxLength": 2}]),
    "not": st.just({"type": "string"}),
    "allOf": st.just([{"type": "string", "maxLength": 1}]),
    "oneOf": st.just([{"type": "string"}, {"maxLength": 3}]),
    "anyOf": st.sampled_from([[{"type": "string"}], [{"type": "null"}, {"type": "object"}]]),
    "if": st.just({"type": "string"}),
    "dependentRequired": st.just({"clinic_id": ["anything"]}),
    "patternProperties": st.just({".": {"type": "string"}}),
    "propertyNames": st.just({"maxLength": 4}),
    "contains": st.just({"type": "null"}),
    "prefixItems": st.just([{"type": "null"}]),
    "unevaluatedProperties": st.just(value=False),
    "description": st.just("In other words."),
    "x-weather": st.just("fine"),
}
OTHER_VALUES = (None, "", "x" * 2000, 1, True, ["x"], {"amount": "1.00", "currency": "USD"})


def places(node: Any) -> Iterator[dict[str, Any]]:
    """Each schema within a schema."""
    if isinstance(node, dict):
        yield node
        for holder in ("properties", "$defs"):
            for inner in node.get(holder, {}).values():
                yield from places(inner)
        for inner in node.get("anyOf", []):
            yield from places(inner)
        yield from places(node.get("items"))


@st.composite
def changed(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with a change at some place: a keyword more, another or gone, a branch or a member more or gone."""
    new = copy.deepcopy(schema)
    place = draw(st.sampled_from(list(places(new))))
    keywords = sorted(place.keys() - {"$schema", "$id", "$defs"})
    change = draw(st.sampled_from(["keyword", "keyword", "gone", "branch", "member", "member gone", "inner"]))
    if change == "gone" and keywords:
        del place[draw(st.sampled_from(keywords))]
    elif change == "branch":
        extra = draw(
            st.sampled_from([{"type": "string"}, {"type": "null"}, {"type": "array"}, {"$ref": "#/$defs/Amount"}])
        )
        place["anyOf"] = [*place.get("anyOf", []), extra]
    elif change == "member":
        place.setdefault("properties", {})["till"] = {"type": "string"}
    elif change == "member gone" and place.get("properties"):
        del place["properties"][draw(st.sampled_from(sorted(place["properties"])))]
    else:
        keyword = draw(st.sampled_from(sorted(KEYWORDS)))
        place[keyword] = draw(KEYWORDS[keyword])
    return new


def variants(data: Any) -> Iterator[Any]:
    """Messages like a real one: each with one member another, or without it."""
    yield data
    for name, member in data.items() if isinstance(data, dict) else ():
        yield {other: value for other, value in data.items() if other != name}
        for value in [*OTHER_VALUES, *(variants(member) if isinstance(member, dict | list) else ())]:
            yield data | {name: value}
    for place, member in enumerate(data[:1] if isinstance(data, list) else ()):
        for value in [1, *variants(member)]:
            yield [*data[:place], value, *data[place + 1 :]]


TYPES = ("billing.payment.recorded.v1", "dental.patient.changed.v1")
MESSAGES = {event_type: list(variants(data_of(GOLDEN[event_type]))) for event_type in TYPES}


@cache
def read_now(event_type: str) -> list[bool]:
    return read_by(schema_of(EVENTS[event_type]), event_type)


def read_by(schema: dict[str, Any], event_type: str) -> list[bool]:
    validator = Draft202012Validator(schema)
    return [validator.is_valid(message) for message in MESSAGES[event_type]]


@settings(max_examples=150)
@given(event_type=st.sampled_from(TYPES), data=st.data())
def test_what_the_check_lets_through_is_read_alike_by_old_and_new(event_type: str, data: st.DataObject) -> None:
    """ALL-7: a change that makes one side refuse what the other takes is named, whatever keyword it is made by."""
    old = schema_of(EVENTS[event_type])
    new = data.draw(changed(old))
    if breaks(old, new):
        return
    Draft202012Validator.check_schema(new)
    assert read_by(new, event_type) == read_now(event_type)


def test_the_messages_are_some_that_are_read_and_some_that_are_not() -> None:
    for event_type in TYPES:
        read = read_now(event_type)
        assert 20 < sum(read) < len(read) - 20, event_type
