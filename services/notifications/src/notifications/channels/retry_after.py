"""When whoever cannot take something now asks for it again (`Retry-After`, RFC 9110)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

_DIGITS_MAX: Final = 9


def asked_for(answer: httpx.Response, most: timedelta) -> timedelta | None:
    """How long to wait, `most` at most; None where nothing is asked for, or nothing that anybody can read.

    A moment is measured by the clock of who names it (`Date`): ours may say another time.
    """
    said = answer.headers.get("Retry-After", "")
    if said.isascii() and said.isdigit():
        return most if len(said) > _DIGITS_MAX else min(timedelta(seconds=int(said)), most)
    until, now = _moment(said), _moment(answer.headers.get("Date", ""))
    return None if until is None or now is None else min(max(until - now, timedelta()), most)


def _moment(said: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
