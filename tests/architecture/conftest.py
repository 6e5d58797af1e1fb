"""What the checks read: the project's Python files, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = (
    "chassis/src",
    "contracts/src",
    "deploy/local/src",
    "remittances/src",
    "deploy/containers",
    "services/*/src",
    "services/*/migrations",
)
TESTS = ("chassis/tests", "contracts/tests", "deploy/local/tests", "remittances/tests", "services/*/tests", "tests")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path in the repository, its text, what it parses to, and all of that one after the other."""

    path: str
    text: str
    tree: ast.Module
    nodes: Sequence[ast.AST]

    @classmethod
    def of(cls, path: str, text: str) -> Source:
        tree = ast.parse(text)
        return cls(path, text, tree, list(ast.walk(tree)))


def sources(folders: tuple[str, ...]) -> list[Source]:
    found = [path for folder in folders for parent in ROOT.glob(folder) for path in parent.rglob("*.py")]
    return [Source.of(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(found)]


@pytest.fixture(scope="session")
def code() -> list[Source]:
    return sources(CODE)


@pytest.fixture(scope="session")
def everything() -> list[Source]:
    return sources(CODE + TESTS)


@pytest.fixture(scope="session")
def source_of() -> Callable[[str, str], Source]:
    return Source.of
