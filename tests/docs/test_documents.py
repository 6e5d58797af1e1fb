"""What the documents point to exists: files, folders, commands, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("services/*/README.md")),
    ROOT / "contracts" / "README.md",
]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
QUOTED = re.compile(r"`((?:chassis|contracts|services|deploy|tests|docs)/[\w./*-]*)`")
COMMAND = re.compile(r"`(?:[A-Z]+=\S+ )*make ([a-z]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / link).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_path_that_is_named_exists(document: Path) -> None:
    for path in QUOTED.findall(document.read_text(encoding="utf-8")):
        assert list(ROOT.glob(path.rstrip("/").replace("/X", "/*"))), path


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(COMMAND.findall(document.read_text(encoding="utf-8"))) <= targets


def test_every_decision_is_listed_and_says_what_enforces_it() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in sorted(folder.glob("0*.md")):
        text = page.read_text(encoding="utf-8")
        assert f"({page.name})" in listed
        for part in ("**Context.**", "**Decision.** *", "**Consequences.**", "**Alternatives.**", "**Enforced by**"):
            assert part in text, f"{page.name} has no {part}"


def test_no_document_names_a_machine() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"/work/|/root/|/home/\w", document.read_text(encoding="utf-8")), document
