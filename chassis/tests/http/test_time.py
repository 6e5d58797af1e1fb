"""What is no day and no instant is refused, numbers above all: they would be taken for seconds since 1970."""

import pytest
from chassis.http.time import Day, Instant
from pydantic import TypeAdapter, ValidationError


@pytest.mark.parametrize("given", ["0", 0, "1763900000", "2026-11-23T00:00:00Z", "2026-13-01", None, True])
def test_what_is_no_day_is_refused(given: object) -> None:
    """ALL-2."""
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(given)


@pytest.mark.parametrize("given", ["0", 1763900000, "2026-11-23", "2026-11-23T10:00:00", "now", None, 1.5])
def test_what_is_no_instant_is_refused(given: object) -> None:
    """ALL-2."""
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(given)


def test_a_day_and_an_instant_are_read() -> None:
    assert str(TypeAdapter(Day).validate_python("2026-11-23")) == "2026-11-23"
    assert TypeAdapter(Instant).validate_json('"2026-11-23T10:00:00-05:00"').isoformat() == "2026-11-23T10:00:00-05:00"
