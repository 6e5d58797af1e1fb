"""Days and instants as requests write them: RFC 3339 text only, never a number that could be taken for seconds."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

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


Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day, `2026-11-23` (RFC 3339 full-date)."""
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
"""An instant with its zone, `2026-11-23T15:04:05Z` (RFC 3339 date-time)."""
