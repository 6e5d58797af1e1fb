"""`docs/billing-rules.md` is a list of numbered sentences: each is shown by a test that cites it, or is not built."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"(?<![\w-])((?:MON|INV|INS|PLN|PAY|RCP|NOT|ALL)-\d{1,2}(?:\.\d{1,2})?)(?![\w-])")
FOLDERS = ("chassis", "contracts", "services", "remittances", "frontdesk", "deploy", "tests", "docs")
ENDINGS = ("py", "md", "sql", "html")


@pytest.fixture(scope="module")
def house() -> Iterator[ModuleType]:
    """What reads rules and markers, as `make house` imports it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(ROOT / "tests" / "house"))
        yield importlib.import_module("rules")


@pytest.fixture(scope="module")
def text(house: ModuleType) -> str:
    read: str = house.text_of_rules()
    return read


@pytest.fixture(scope="module")
def citations(house: ModuleType) -> list[Any]:
    cited: list[Any] = house.citations()
    return cited


def misnumbered(house: ModuleType, text: str) -> list[str]:
    """What does not go from 1 on without a gap: the rules of an area, the sentences of a rule, under its heading."""
    expected: list[str] = []
    stated = re.findall(r"^(?:### |- )([A-Z]{3}-[\d.]+) ", text, re.MULTILINE)
    counts = Counter(sentence.rule for sentence in house.sentences(text))
    for area, of_area in groupby(house.rules(text), key=lambda rule: str(rule)[:3]):
        for rule in (f"{area}-{number}" for number, _ in enumerate(of_area, start=1)):
            expected += [rule, *(f"{rule}.{number}" for number in range(1, max(counts[rule], 1) + 1))]
    return sorted(set(stated) ^ set(expected)) or [one for one, two in zip(stated, expected, strict=True) if one != two]


def wrongly_cited(house: ModuleType, text: str, citations: list[Any]) -> list[str]:
    """Markers that name no sentence, or one that is not built."""
    built = {sentence.number: sentence.missing is None for sentence in house.sentences(text)}
    return [f"{cited.place} cites {cited.sentence}" for cited in citations if not built.get(cited.sentence)]


def not_shown(house: ModuleType, text: str, citations: list[Any]) -> list[str]:
    """Sentences that are built and that no marker names."""
    cited = {citation.sentence for citation in citations}
    return [
        sentence.number
        for sentence in house.sentences(text)
        if sentence.missing is None and sentence.number not in cited
    ]


def unknown(stated: set[str], citing: str) -> set[str]:
    """Rules and sentences that a text names and that are not there."""
    return set(CITED.findall(citing)) - stated


def all_numbers(house: ModuleType, text: str) -> set[str]:
    return set(house.rules(text)) | {sentence.number for sentence in house.sentences(text)}


def texts() -> list[Path]:
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    for folder in FOLDERS:
        found += [path for ending in ENDINGS for path in (ROOT / folder).rglob(f"*.{ending}")]
    return [path for path in found if path.exists() and path != Path(__file__)]


def test_rules_and_sentences_are_numbered_without_a_gap(house: ModuleType, text: str) -> None:
    assert misnumbered(house, text) == []
    assert {rule[:3] for rule in house.rules(text)} == set(house.AREAS)
    assert [number for number, times in Counter(house.rules(text)).items() if times > 1] == []


def test_every_line_of_a_rule_is_a_sentence_of_one(house: ModuleType, text: str) -> None:
    body = text.partition("\n## ")[2]
    lines = [line for line in body.splitlines()[1:] if line and not line.startswith(("## ", "### ", "- ", "  "))]
    assert lines == []
    assert len(re.findall(r"^- ", body, re.MULTILINE)) == len(house.sentences(text))


def test_everything_that_is_cited_anywhere_exists(house: ModuleType, text: str) -> None:
    stated = all_numbers(house, text)
    wrong = {
        str(path.relative_to(ROOT)): found for path in texts() if (found := unknown(stated, path.read_text("utf-8")))
    }
    assert wrong == {}


def test_every_marker_names_a_sentence_that_is_built(house: ModuleType, text: str, citations: list[Any]) -> None:
    assert wrongly_cited(house, text, citations) == []


def test_every_sentence_that_is_built_is_shown_by_a_test(house: ModuleType, text: str, citations: list[Any]) -> None:
    assert not_shown(house, text, citations) == []


RULES = """
## Payments

### PAY-1 Payments
- PAY-1.1 A payment has
  an amount.
- PAY-1.2 It has a colour. **Not built:** no colour is kept.

### PAY-2 Refunds
- PAY-2.1 A refund has one too.
"""


def test_what_is_not_built_says_what_is_missing(house: ModuleType) -> None:
    assert [(sentence.number, sentence.missing) for sentence in house.sentences(RULES)] == [
        ("PAY-1.1", None),
        ("PAY-1.2", "no colour is kept."),
        ("PAY-2.1", None),
    ]
    assert house.sentences(RULES)[0].text == "A payment has an amount."


@pytest.mark.parametrize(
    ("planted", "instead"),
    [("PAY-1.2 It", "PAY-1.3 It"), ("### PAY-2", "### PAY-3"), ("- PAY-2.1 A refund has one too.\n", "")],
)
def test_a_gap_in_the_numbers_is_noticed(house: ModuleType, planted: str, instead: str) -> None:
    assert misnumbered(house, RULES) == []
    assert misnumbered(house, RULES.replace(planted, instead)) != []


CITING = '''
"""Of PAY-1.1, which this docstring cites in vain."""
pytestmark = [pytest.mark.timeout(9), pytest.mark.rule("PAY-2.1")]
NUMBER = "PAY-1.1"

@pytest.mark.rule("PAY-1.2", "PAY-9.1", NUMBER)
async def test_x() -> None:
    """PAY-1.1."""
'''


def test_what_a_marker_cites_is_told_with_its_place(house: ModuleType) -> None:
    cited = [(one.sentence, one.place) for one in house.cited_in("test_x.py", CITING)]
    assert cited == [
        ("PAY-2.1", "test_x.py"),
        ("PAY-1.2", "test_x.py::test_x"),
        ("PAY-9.1", "test_x.py::test_x"),
        ("NUMBER", "test_x.py::test_x"),
    ]


def test_a_sentence_without_a_marker_and_a_marker_without_a_sentence_are_noticed(house: ModuleType) -> None:
    cited = list(house.cited_in("test_x.py", CITING))
    assert not_shown(house, RULES, cited) == ["PAY-1.1"]
    assert wrongly_cited(house, RULES, cited) == [
        f"test_x.py::test_x cites {one}" for one in ("PAY-1.2", "PAY-9.1", "NUMBER")
    ]


def test_a_rule_that_does_not_exist_is_noticed(house: ModuleType, text: str) -> None:
    citing = "as PAY-4, PAY-4.2 and INV-99 say, and PAY-4.99. INV-2026-000117 is a number, RCP-99 is not"
    assert unknown(all_numbers(house, text), citing) == {"INV-99", "PAY-4.99", "RCP-99"}
