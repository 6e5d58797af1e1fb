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
    *(ROOT / folder / "README.md" for folder in ("contracts", "frontdesk", "remittances")),
    ROOT / "deploy/local/data/clinic-day/README.md",
]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
QUOTED = re.compile(r"`((?:chassis|contracts|services|remittances|frontdesk|deploy|tests|docs)/[\w./*-]*)`")
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


def test_the_house_shows_every_room() -> None:
    """What lies beside the services, and what deployment and tests consist of, stands in architecture.md."""
    house = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## The house")[1].split("```")[1]
    for shown in re.split(r"^(?=\S)", house, flags=re.MULTILINE):
        folder = shown.partition("/")[0].strip()
        if folder in ("deploy", "tests"):
            rooms = {path.name for path in (ROOT / folder).iterdir() if path.is_dir() and path.name != "__pycache__"}
            assert rooms <= set(re.findall(r"[a-z]+", shown)), folder
    assert {path.parent.name for path in ROOT.glob("*/pyproject.toml")} <= set(
        re.findall(r"^(\w+)/", house, re.MULTILINE)
    )


def test_no_document_names_a_machine() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"/work/|/root/|/home/\w", document.read_text(encoding="utf-8")), document
