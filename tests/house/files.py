"""The project's own files: what a person writes and keeps, without what is generated and without tests."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("invoicing", "payments", "receipts", "notifications")
PACKAGES = {
    **{service: ROOT / "services" / service / "src" / service for service in SERVICES},
    "chassis": ROOT / "chassis" / "src" / "chassis",
    "contracts": ROOT / "contracts" / "src" / "contracts",
    "remittances": ROOT / "remittances" / "src" / "remittances",
    "local_stack": ROOT / "deploy" / "local" / "src" / "local_stack",
}
"""Every package that is imported by its name, and where it lies."""


@dataclass(frozen=True)
class File:
    """One Python file of a package: `path` below the package's parent (`invoicing/http/problems.py`), and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """What it parses to."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """All of that, one after the other: many ask, and walking it takes longer than what they ask."""
        return list(ast.walk(self.tree))

    @cached_property
    def texts(self) -> Sequence[tuple[int, str]]:
        """Its texts that are no docstrings, with their lines: statements of SQL, messages, names."""
        described = {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        constants = [node for node in self.nodes if isinstance(node, ast.Constant) and id(node) not in described]
        return [(node.lineno, node.value) for node in constants if isinstance(node.value, str)]

    @property
    def package(self) -> str:
        """The package that it belongs to."""
        return self.path.partition("/")[0]

    @property
    def room(self) -> str:
        """What it lies in, without the package: `http`, `consumers`; empty for what lies beside the rooms."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return Path(self.path).stem

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n")

    @property
    def code(self) -> int:
        """How many of them are code: neither empty, nor a comment, nor what describes."""
        text = {line for line, said in enumerate(self.text.splitlines(), 1) if said.strip() and said.strip()[0] != "#"}
        for node in self.nodes:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                text -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        return len(text)

    @property
    def module(self) -> str:
        """What it is imported as."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def files_of(*packages: str) -> list[File]:
    """The Python files of these packages, in the order of their paths."""
    return sorted((file for name in packages for file in _files_in(name)), key=lambda file: file.path)


@cache
def _files_in(package: str) -> Sequence[File]:
    """Read, and then parsed, once for all who ask."""
    folder = PACKAGES[package]
    return [
        File(path.relative_to(folder.parent).as_posix(), path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.py")
    ]
