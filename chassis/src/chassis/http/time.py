"""Days and instants as requests write them: RFC 3339 text only, never a number that could be taken for seconds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from chassis.clock import FIRST_DAY, FIRST_MONEY, LAST_DAY
from chassis.sentence import Sentence

_BOUNDS = "is not between {first} and {last}"
_FIRST_BIRTH = date(1850, 1, 1)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})")


def _day(given: Any) -> Any:
    if isinstance(given, date) or (isinstance(given, str) and _DAY.fullmatch(given)):
        return given
    raise ValueError("is not a day such as 2026-11-23")


def _instant(given: Any) -> Any:
    if isinstance(given, date) or (isinstance(given, str) and _INSTANT.fullmatch(given)):
        return given
    raise ValueError("is not an instant with its zone, such as 2026-11-23T15:04:05Z")


def _between(first: date, day: date) -> None:
    if not first <= day <= LAST_DAY:
        raise ValueError(Sentence(_BOUNDS, first=first, last=LAST_DAY))


def _of_business(day: date) -> date:
    _between(FIRST_DAY, day)
    return day


def _of_a_birth(day: date) -> date:
    _between(_FIRST_BIRTH, day)
    return day


def _instant_of_business(instant: datetime) -> datetime:
    try:
        day = instant.astimezone(UTC).date()
    except OverflowError:  # 0001-01-01T00:00:00+01:00 is before all time
        raise ValueError(Sentence(_BOUNDS, first=FIRST_MONEY, last=LAST_DAY)) from None
    _between(FIRST_MONEY, day)
    return instant


Day = Annotated[
    date,
    BeforeValidator(_day),
    AfterValidator(_of_business),
    Field(description=f"A calendar day from {FIRST_DAY} to {LAST_DAY}."),
]
"""A calendar day of the practice's records, `2026-11-23` (RFC 3339 full-date), from 1900 to 2199."""
BirthDay = Annotated[date, BeforeValidator(_day), AfterValidator(_of_a_birth)]
"""The day on which somebody was born who can be a patient."""
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant),
    AfterValidator(_instant_of_business),
    Field(description=f"An instant with its offset (RFC 3339 date-time), from {FIRST_MONEY} to {LAST_DAY}."),
]
"""An instant at which money came, `2026-11-23T15:04:05Z` (RFC 3339 date-time), from 1990 to 2199 (`PAY-18`)."""
