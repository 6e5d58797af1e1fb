"""Text that can be kept nowhere is named, and noted as far as it can be (`ALL-2`)."""

from __future__ import annotations

import pytest
from chassis.text import first_unkept, kept, unkept


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a\0", "must not contain NUL"),
        ("\ud83e", "is not Unicode text"),
        ("a\udd9f", "is not Unicode text"),
        ("🦷 Zähne\n\x01\uffff", None),
        ("", None),
    ],
)
def test_text_that_can_be_kept_nowhere_is_told(text: str, wrong: str | None) -> None:
    assert unkept(text) == wrong
    assert unkept(kept(text)) is None
    assert (kept(text) == text) is (wrong is None)


def test_the_first_member_that_cannot_be_kept_is_named() -> None:
    document = {"note": "fine", "lines": [{"text": "fine", "amount": 1}, {"text": "a\0", "amount": 1}]}
    assert first_unkept(document) == ("lines[1].text", "must not contain NUL")
    assert first_unkept({"lines": [{"a\0": 1}]}) == ("lines[0]", "must not contain NUL")
    assert first_unkept({"n": -(10**400)}) == ("n", "is a number beyond all bounds")
    assert first_unkept({"n": 10**300, "b": True, "none": None}) is None
