"""What a response says of a noun is copied by name, and nothing of it is left out unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from chassis.http import ResponseBody


class Shown(ResponseBody):
    name: str
    count: int


@dataclass
class Noun:
    name: str
    secret: str = "not shown"


def test_what_has_the_name_of_a_member_is_copied_and_the_rest_is_given() -> None:
    assert Shown.named(Noun("of the noun"), count=3) == Shown(name="of the noun", count=3)


def test_what_is_given_goes_before_what_the_noun_has() -> None:
    assert Shown.named(Noun("of the noun"), name="given", count=3).name == "given"


def test_a_member_that_nobody_gives_is_refused() -> None:
    with pytest.raises(AttributeError, match="count"):
        Shown.named(Noun("of the noun"))
