"""Every rule that code, tests or documents cite is a rule of `docs/billing-rules.md`, and a test cites each of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
RULES = ROOT / "docs" / "billing-rules.md"
FAMILIES = "MON|INV|INS|PLN|PAY|RCP|NOT|ALL"
STATED = re.compile(rf"^- ((?:{FAMILIES})-\d{{1,2}}) ", re.MULTILINE)
CITED = re.compile(rf"(?<![\w-])((?:{FAMILIES})-\d{{1,2}})(?![\w-])")
FOLDERS = ("chassis", "contracts", "services", "remittances", "deploy", "tests", "docs")
NOT_BUILT = {
    "NOT-7",
}
"""Rules that are stated and not built yet, or not shown by a test; who builds one takes it out here."""


class Source(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...


def stated() -> list[str]:
    return STATED.findall(RULES.read_text(encoding="utf-8"))


def unknown(text: str) -> set[str]:
    return set(CITED.findall(text)) - set(stated())


def texts() -> list[Path]:
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    for folder in FOLDERS:
        found += [path for ending in ("py", "md", "sql", "html") for path in (ROOT / folder).rglob(f"*.{ending}")]
    return [path for path in found if path.exists() and path not in (RULES, Path(__file__))]


def without_a_test(rules: Iterable[str], tests: Iterable[Source]) -> set[str]:
    return set(rules) - {rule for test in tests for rule in CITED.findall(test.text)}


def test_each_rule_is_stated_once() -> None:
    assert [rule for rule, times in Counter(stated()).items() if times > 1] == []
    assert len(stated()) == 98


def test_every_cited_rule_exists() -> None:
    wrong = {str(path.relative_to(ROOT)): found for path in texts() if (found := unknown(path.read_text("utf-8")))}
    assert wrong == {}


def test_every_rule_is_cited_by_a_test(everything: list[Source]) -> None:
    this = Path(__file__).parent
    tests = [one for one in everything if Path(one.path).name.startswith("test_") and (ROOT / one.path).parent != this]
    assert without_a_test(stated(), tests) == NOT_BUILT


def test_a_rule_without_a_test_is_noticed(source_of: Callable[[str, str], Source]) -> None:
    only = source_of("services/payments/tests/test_x.py", 'def test_x() -> None:\n    """PAY-4."""\n')
    assert without_a_test(["PAY-4", "PAY-40", "INV-4"], [only]) == {"PAY-40", "INV-4"}


def test_a_rule_that_does_not_exist_is_noticed() -> None:
    assert unknown("as PAY-4 and INV-99 say; INV-2026-000117 is a number, RCP-12 is not") == {"INV-99", "RCP-12"}
