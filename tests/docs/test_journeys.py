"""Every sentence of the product's description has a journey in a browser, and each journey that is named exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

BROWSER = Path(__file__).parents[1] / "browser"
ROW = re.compile(r"^\| (?P<sentence>[^|]+?) \| (?P<journey>[^|]*?) \|$", re.MULTILINE)
SENTENCES_MIN = 25


def table() -> dict[str, str]:
    rows = ROW.findall((BROWSER / "README.md").read_text(encoding="utf-8"))
    return {sentence: journey for sentence, journey in rows if sentence != "Sentence" and set(sentence) != {"-"}}


def journeys() -> set[str]:
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in BROWSER.glob("test_*.py"))
    return {one.name for tree in trees for one in tree.body if isinstance(one, ast.AsyncFunctionDef)}


def test_none_of_the_sentences_is_left_out() -> None:
    assert len(table()) >= SENTENCES_MIN


@pytest.mark.parametrize("sentence", list(table()))
def test_a_sentence_is_acted_out(sentence: str) -> None:
    assert table()[sentence].strip("`") in journeys()
