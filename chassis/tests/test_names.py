"""Which of a person's names comes first."""

from __future__ import annotations

import pytest
from chassis.names import full_name


@pytest.mark.parametrize(
    ("given", "family", "written"),
    [
        ("Zoë", "Miller", "Zoë Miller"),
        ("小龍", "山田", "山田 小龍"),
        ("タロウ", "ヤマダ", "ヤマダ タロウ"),
        ("さくら", "山田", "山田 さくら"),
        ("철수", "김", "김 철수"),
        ("Anna", "山田", "山田 Anna"),
        ("小龍", "Miller", "小龍 Miller"),
        ("ليلى", "حداد", "ليلى حداد"),
        (" Zoë ", "", "Zoë"),
        ("", "", ""),
        ("\u200b", "Miller", "Miller"),
        ("\u2060 ", "\u200b", ""),
    ],
)
def test_the_family_name_comes_first_in_the_scripts_where_it_does(given: str, family: str, written: str) -> None:
    assert full_name(given, family) == written
