"""How far the rules say of themselves whether they are built: rule by rule today, sentence by sentence in the end."""

from __future__ import annotations

import re

from files import ROOT

_RULES = ROOT / "docs" / "billing-rules.md"
_TESTS = ("tests", "*/tests", "services/*/tests", "deploy/*/tests")
_RULE = re.compile(r"^- ((?:[A-Z]{3})-\d{1,2}) (.*?)(?=^- |^## |\Z)", re.MULTILINE | re.DOTALL)
_END = re.compile(r"[.!?](?:\s+(?=[A-Z*`\"(\d])|\s*\Z)")


def sentences() -> dict[str, int]:
    """Each rule, and of how many sentences it consists."""
    text = _RULES.read_text(encoding="utf-8")
    return {rule: max(1, len(_END.findall(said.strip()))) for rule, said in _RULE.findall(text)}


def cited() -> set[str]:
    """The rules that a file of tests names; one that names several shows any of them as far as it goes."""
    named = re.compile(r"(?<![\w-])[A-Z]{3}-\d{1,2}(?![\w-])")
    folders = [folder for pattern in _TESTS for folder in ROOT.glob(pattern)]
    tests = [path for folder in folders for path in folder.rglob("test_*.py")]
    tests = [path for path in tests if path.parent != ROOT / "tests" / "architecture"]
    return {rule for path in tests for rule in named.findall(path.read_text(encoding="utf-8"))} & sentences().keys()
