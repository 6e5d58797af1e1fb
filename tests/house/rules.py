"""What the rules say of themselves, sentence by sentence: which are built, and which tests show each of those."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from files import ROOT

RULES = ROOT / "docs" / "billing-rules.md"
AREAS = ("MON", "INV", "INS", "PLN", "PAY", "RCP", "NOT", "ALL")
_TESTS = ("tests", "*/tests", "services/*/tests", "deploy/*/tests")
_HEADING = re.compile(r"^### ([A-Z]{3}-\d{1,2}) \S", re.MULTILINE)
_SENTENCE = re.compile(r"^- ([A-Z]{3}-\d{1,2}\.\d{1,2}) (.+?)(?=\n- |\n\n|\n#|\Z)", re.MULTILINE | re.DOTALL)
_MISSING = re.compile(r"\*\*Not built:\*\* (.+)\Z", re.DOTALL)


@dataclass(frozen=True)
class Sentence:
    """One thing that a rule says (`PAY-4.2`), and what is missing where it is not built."""

    number: str
    text: str
    missing: str | None

    @property
    def rule(self) -> str:
        """The rule that it is of."""
        return self.number.partition(".")[0]


@dataclass(frozen=True)
class Citation:
    """A sentence that a marker names, and what has the marker: a test, or a file whose tests all show it."""

    sentence: str
    place: str


def text_of_rules() -> str:
    """The document of the rules."""
    return RULES.read_text(encoding="utf-8")


def rules(text: str) -> list[str]:
    """The rules of a document, as they stand."""
    return _HEADING.findall(text)


def sentences(text: str) -> list[Sentence]:
    """The sentences of a document, as they stand."""
    found = [(number, " ".join(said.split())) for number, said in _SENTENCE.findall(text)]
    return [Sentence(number, said, missing_of(said)) for number, said in found]


def missing_of(text: str) -> str | None:
    """What is missing of a sentence by its own words; none where it is built."""
    found = _MISSING.search(text)
    return found[1] if found else None


def test_files() -> list[Path]:
    """Every file of tests that there is."""
    folders = [folder for pattern in _TESTS for folder in ROOT.glob(pattern)]
    return sorted({path for folder in folders for path in folder.rglob("test_*.py")})


def citations(paths: Iterable[Path] | None = None) -> list[Citation]:
    """What the markers of tests cite: of all tests, or of some files."""
    found: list[Citation] = []
    for path in test_files() if paths is None else paths:
        text = path.read_text(encoding="utf-8")
        if "mark.rule(" in text:
            name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
            found += cited_in(name, text)
    return found


def cited_in(path: str, text: str) -> Iterator[Citation]:
    """What the markers of one file cite: a test's or a class's at its name, the whole file's at the file's."""
    tree = ast.parse(text)
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            yield from _marked(statement.value, path)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                yield from _marked(decorator, f"{path}::{node.name}")


def _marked(node: ast.expr, place: str) -> Iterator[Citation]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.rule":
            for cited in call.args:
                literal = isinstance(cited, ast.Constant) and isinstance(cited.value, str)
                yield Citation(str(ast.literal_eval(cited)) if literal else ast.unparse(cited), place)
