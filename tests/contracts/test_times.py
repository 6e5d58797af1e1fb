"""Every day and instant of an event has bounds: an empty date of another system is none (`PAY-18`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from contracts.event import EVENTS, BirthDay, Day, Instant
from contracts.golden import GOLDEN
from contracts.rendering.schemas import schema_of
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T.*")
BEYOND = {"day": ("0001-01-01", "9999-12-31"), "instant": ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00")}
Path = tuple[str | int, ...]


def times(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where an example has a day or an instant."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from times(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from times(item, (*path, place))
    elif isinstance(value, str) and DAY.fullmatch(value):
        yield path, "day"
    elif isinstance(value, str) and INSTANT.fullmatch(value):
        yield path, "instant"


def with_member(document: dict[str, Any], path: Path, given: str) -> dict[str, Any]:
    changed: Any = deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = given
    return dict(changed)


@pytest.mark.rule("PAY-18.2")
@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_a_time_outside_of_business_is_refused_wherever_an_event_has_one(event_type: str) -> None:
    example = GOLDEN[event_type].event.model_dump(mode="json")
    found = list(times(example))
    assert found
    published = Draft202012Validator(schema_of(EVENTS[event_type]))
    for path, kind in found:
        for given in BEYOND[kind]:
            with pytest.raises(ValidationError, match="is not between"):
                EVENTS[event_type].model_validate(with_member(example, path, given))
            assert not published.is_valid(with_member(example, path, given)), (path, given)


BOUNDS = {
    "days": (Day, ("1900-01-01", "2199-12-31"), ("1899-12-31", "2200-01-01")),
    "instants": (
        Instant,
        ("1899-12-31T23:30:00-01:00", "1900-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "2200-01-01T00:30:00+01:00"),
        ("1899-12-30T23:30:00-01:00", "2200-01-02T00:30:00+01:00", "1899-11-30T00:00:00Z", "2200-02-01T00:00:00Z"),
    ),
    "days of birth": (BirthDay, ("1850-01-01", "2199-12-31"), ("1849-12-31", "2200-01-01")),
}


@pytest.mark.parametrize("kind", BOUNDS)
def test_a_schema_says_the_bounds_and_refuses_nothing_that_is_within(kind: str) -> None:
    """PAY-18: a producer learns of them from what is published, and not from a dead letter."""
    kept, within, beyond = BOUNDS[kind]
    adapter: TypeAdapter[Any] = TypeAdapter(kept)
    published = Draft202012Validator(adapter.json_schema())
    for given in within:
        adapter.validate_python(given)
        assert published.is_valid(given), given
    for given in beyond:
        assert not published.is_valid(given), given
        with pytest.raises(ValidationError, match="is not between"):
            adapter.validate_python(given)
