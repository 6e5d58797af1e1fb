"""What is no day and no instant is refused, numbers above all: they would be taken for seconds since 1970."""

import pytest
from chassis.http.time import BirthDay, Day, Instant
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


@pytest.mark.rule("PAY-18.2")
@pytest.mark.parametrize("given", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_outside_of_business_is_refused(given: str) -> None:
    """PAY-18: an empty date of another system is no day."""
    with pytest.raises(ValidationError, match="is not between 1900-01-01 and 2199-12-31"):
        TypeAdapter(Day).validate_python(given)


@pytest.mark.rule("PAY-18.2")
@pytest.mark.parametrize(
    "given", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "1989-12-31T23:59:59Z"]
)
def test_an_instant_outside_of_business_is_refused(given: str) -> None:
    """PAY-18: also one whose offset takes it out of all calendars."""
    with pytest.raises(ValidationError, match="is not between 1990-01-01 and 2199-12-31"):
        TypeAdapter(Instant).validate_python(given)


def test_a_birth_may_be_long_ago_but_not_before_anybody_living() -> None:
    assert TypeAdapter(BirthDay).validate_python("1923-02-03").year == 1923
    with pytest.raises(ValidationError):
        TypeAdapter(BirthDay).validate_python("0001-01-01")
