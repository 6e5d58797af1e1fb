"""The tree that introduces what a service's domain refuses names what there is, by the names that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"[├└]── (\w+)")


def errors_of(file: Path) -> set[str]:
    """The errors of a file, but for those that others are derived of first: `PaymentsError`."""
    classes = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    return {node.name for node in classes if node.bases and ast.unparse(node.bases[0]) != "Exception"}


@pytest.mark.parametrize("service", ["invoicing", "payments", "receipts", "notifications"])
def test_the_tree_names_each_error_and_no_other(service: str) -> None:
    domain = ROOT / "services" / service / "src" / service / "domain"
    named = set(NAMED.findall((domain / "errors.py").read_text(encoding="utf-8"))) - {"…"}
    assert errors_of(domain / "errors.py") <= named
    assert named <= {name for file in domain.glob("*.py") for name in errors_of(file)}
