"""Which statuses say that an address never works (NOT-8.2)."""

from __future__ import annotations

import pytest
from notifications.domain.bounce import is_hard, status_in

pytestmark = pytest.mark.rule("NOT-8.2")


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"])
def test_an_address_that_nobody_has_is_at_fault_itself(status: str) -> None:
    assert is_hard(status)


@pytest.mark.parametrize("status", ["4.1.1", "5.0.0", "5.1.0", "5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.0", "5.7.1"])
def test_what_is_full_or_about_us_says_nothing_of_the_address(status: str) -> None:
    assert not is_hard(status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 <z***e@e***.org> unknown", "5.1.1"),
        ("smtp; 550-5.1.10 null MX", "5.1.10"),
        ("550 no such user", None),
        ("554 from 192.5.1.1 refused", None),
        ("250 2.1.5 OK", "2.1.5"),
        ("", None),
    ],
)
def test_an_enhanced_status_is_found_in_a_servers_words(text: str, status: str | None) -> None:
    assert status_in(text) == status
