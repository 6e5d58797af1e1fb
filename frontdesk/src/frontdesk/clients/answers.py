"""What a service answers when it does not do what it was asked: a refusal with its problem, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_PREFIX = "urn:problem:dental-billing:"


class Unreachable(Exception):
    """A service did not answer, or said that it cannot now: whether a change was made is not known."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class TokenRefused(Exception):
    """A service does not take the person's token any more: nothing was changed, and whoever it is has to sign in."""


@dataclass
class Refused(Exception):
    """A service refused (RFC 9457): nothing was changed."""

    service: str
    status: int
    problem: dict[str, Any] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The stable name of the problem's type."""
        return str(self.problem.get("type", "")).removeprefix(_PREFIX)

    @property
    def detail(self) -> str:
        """What the service says of it."""
        return str(self.problem.get("detail") or self.problem.get("title") or self.status)

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What is wrong with each field, where fields are named."""
        found = self.problem.get("errors")
        return found if isinstance(found, list) else []

    @property
    def trace_id(self) -> str:
        """The trace that tells an operator what happened."""
        return str(self.problem.get("trace_id", ""))


@dataclass(frozen=True)
class Missing:
    """A part of a page that its service could not give now; false, so that a page shows what it has."""

    service: str
    forbidden: bool = False

    def __bool__(self) -> bool:
        """Nothing is there."""
        return False
