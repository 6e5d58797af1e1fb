"""What is asked for by whoever takes nothing just now, as seconds or as a moment (NOT-3, NOT-7)."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from notifications.channels.retry_after import asked_for
from notifications.channels.sms.provider import _meaning
from notifications.channels.webhook.client import _posted

NOW = "Tue, 24 Nov 2026 10:00:00 GMT"
IN_TWO_MINUTES = {"Date": NOW, "Retry-After": "Tue, 24 Nov 2026 10:02:00 GMT"}


def test_a_moment_is_waited_for_like_seconds_by_the_clock_of_who_names_it() -> None:
    """RFC 9110: a partner's gateway answered 429 with a date, and was asked again after five seconds."""
    busy = httpx.Response(429, headers=IN_TWO_MINUTES)
    assert _posted(busy).retry_after == _meaning(busy).retry_after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ({"Retry-After": "90"}, timedelta(seconds=90)),
        ({"Retry-After": "9" * 30}, timedelta(hours=1)),
        ({"Date": NOW, "Retry-After": "Wed, 24 Nov 2027 10:00:00 GMT"}, timedelta(hours=1)),
        ({"Date": NOW, "Retry-After": "Tuesday, 24-Nov-26 10:01:00 GMT"}, timedelta(minutes=1)),
        ({"Date": NOW, "Retry-After": "Tue, 24 Nov 2026 09:00:00 -0000"}, timedelta()),
        ({"Retry-After": "Tue, 24 Nov 2026 10:02:00 GMT"}, None),
        ({"Date": NOW, "Retry-After": "soon"}, None),
        ({"Date": NOW, "Retry-After": "Tue, 99 Nov 2026 10:02:00 GMT"}, None),
        ({"Date": NOW, "Retry-After": "-1"}, None),
        ({}, None),
    ],
)
def test_of_what_is_asked_for_an_hour_is_waited_at_most(said: dict[str, str], waited: timedelta | None) -> None:
    assert asked_for(httpx.Response(503, headers=said), timedelta(hours=1)) == waited
