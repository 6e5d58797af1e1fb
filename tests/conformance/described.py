"""What a service says in its description of its operations, and how each is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from chassis.testing.harness import ServiceHarness

METHODS = ("get", "post", "put", "patch", "delete")


def operations(harness: ServiceHarness) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation that needs a token."""
    for path, item in harness.app.openapi()["paths"].items():
        for method in METHODS:
            if method in item and not path.startswith("/health"):
                yield method, path, item[method]


def address(path: str, operation: dict[str, Any]) -> str:
    """The path with something plausible in the place of each parameter."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", _plausible(parameter["schema"]))
    return path


def _plausible(schema: dict[str, Any]) -> str:
    if schema.get("type") == "integer":
        return "7"
    return "2026-11-20" if schema.get("format") == "date" else str(uuid4())
