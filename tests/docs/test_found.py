"""`docs/found.md` names, for each fault that was found, the tests that show what is right: each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/found.md").read_text("utf-8")
SHOWN = re.compile(r"`([a-z_/]+/test_\w+\.py)`((?:,? `test_\w+`)+)")


def rows(text: str) -> dict[str, str]:
    """Each row's last column, by what the row is called."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| |")]
    cells = [line.strip("| ").split(" | ") for line in lines]
    assert all(len(cell) == 4 for cell in cells), [cell[0] for cell in cells if len(cell) != 4]
    return {cell[0]: cell[3] for cell in cells}


def named(text: str) -> set[tuple[str, str]]:
    """The tests that a text names, each with its file."""
    return {(file, name) for file, names in SHOWN.findall(text) for name in re.findall(r"test_\w+", names)}


def missing(text: str) -> set[tuple[str, str]]:
    """Those of them that are not there."""
    wanted = named(text)
    there = {(file, name) for file in {file for file, _ in wanted} for name in _tests_of(ROOT / file)}
    return wanted - there


def _tests_of(path: Path) -> list[str]:
    if not path.exists():
        return []
    tree = ast.parse(path.read_text("utf-8"))
    return [one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_fault_that_was_found_is_shown_by_tests_that_there_are() -> None:
    assert [row for row, shown in rows(TEXT).items() if not named(shown)] == []
    assert missing(TEXT) == set()
    assert len(re.findall(r"`test_\w+`", TEXT)) == sum(len(names.split()) for _, names in SHOWN.findall(TEXT)), (
        "a test that stands behind no file is looked for nowhere"
    )


def test_a_test_that_is_not_there_is_missed() -> None:
    row = "| X1 | a | b | `tests/docs/test_found.py` `test_nobody`; `tests/docs/test_gone.py` `test_gone` |"
    assert missing(row) == {("tests/docs/test_found.py", "test_nobody"), ("tests/docs/test_gone.py", "test_gone")}
