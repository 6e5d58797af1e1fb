"""What can go wrong while playing, each with a sentence for the person in front of the screen.

PlayError
├── StackUnreachable   a part of the stack does not answer
├── Refused            a service refused a request, with its problem document
└── Stuck              something that must follow by events did not, within its time
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PlayError(Exception):
    """Playing cannot go on."""


class StackUnreachable(PlayError):
    """A part of the stack does not answer."""


class Stuck(PlayError):
    """Something that must follow by events did not, within its time. `services` are those that should have done it."""

    def __init__(self, what: str, *services: str) -> None:
        self.services = services
        super().__init__(what)


class Refused(PlayError):
    """A service refused a request (RFC 9457)."""

    def __init__(self, request: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        said = problem.get("detail") or problem.get("title") or "no reason given"
        errors = "; ".join(f"{e.get('field')}: {e.get('detail')}" for e in problem.get("errors", []))
        super().__init__(f"{request} was answered {status}: {said}{f' ({errors})' if errors else ''}")

    @property
    def slug(self) -> str:
        """The last part of the problem's type, such as `clinic-not-configured`."""
        return str(self.problem.get("type", "")).rpartition(":")[2].rpartition("/")[2]
