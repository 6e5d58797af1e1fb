"""Every day and instant of an event has bounds: an empty date of another system is none (`PAY-18`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from contracts.event import EVENTS
from contracts.golden import GOLDEN
from pydantic import ValidationError

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
    for path, kind in found:
        for given in BEYOND[kind]:
            with pytest.raises(ValidationError, match="is not between"):
                EVENTS[event_type].model_validate(with_member(example, path, given))
