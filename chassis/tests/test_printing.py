"""What documents can print, and what is refused where it is entered."""

from __future__ import annotations

import pytest
from chassis.printing import MARKS_MAX, first_unprintable, printable, printable_in, unprintable

pytestmark = pytest.mark.rule("RCP-10.1")


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "山田 太郎",
        "김철수",
        "สมชาย",
        "अमिताभ",
        "Արամ",
        "შოთა",
        "أحمد",
        "דנה",
        "Παπαδοπούλου",
        "Nguyễn Thị Ánh",
        "བསྟན་འཛིན",
    ],
)
def test_names_of_every_living_script_can_be_printed(name: str) -> None:
    assert unprintable(name) is None
    assert printable(name) == name


def test_what_no_font_has_is_named_by_its_member_and_code_point() -> None:
    assert unprintable("tooth \N{TOOTH}") == "has a character that no document can print: U+1F9B7"
    body = {"patient": "Ada", "lines": [{"note": "ok"}, {"note": "\N{GRINNING FACE}"}]}
    assert first_unprintable(body) == ("lines[1].note", "has a character that no document can print: U+1F600")
    assert first_unprintable({"n": 1, "none": None, "list": [True, "Zoë"]}) is None


def test_what_no_font_has_is_printed_as_the_sign_for_a_missing_character() -> None:
    assert printable("A \N{GRINNING FACE}\N{GRINNING FACE} B") == "A \N{REPLACEMENT CHARACTER} B"


@pytest.mark.rule("RCP-10.2")
def test_what_directs_text_is_not_printed_and_marks_have_an_end() -> None:
    """D15: a name prints in its own order, and stays on its line."""
    assert printable("Anna \u202elive\u202c\u2067\x07") == "Anna live"
    assert printable("Z" + "\u0301" * 900 + "oe") == "Z" + "\u0301" * MARKS_MAX + "oe"
    assert printable("one\ntwo\tthree") == "one\ntwo\tthree"
    assert printable_in({"a": ["x\u202e", 1, None], "b": {"c": "\u200fy"}}) == {"a": ["x", 1, None], "b": {"c": "y"}}
