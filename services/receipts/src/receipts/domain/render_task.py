"""A rendition that is to be made, and where it stands in the queue of its clinic (`ALL-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

ASKED_FOR, EVENT, LATER = 0, 1, 2
"""Priorities: somebody waits for it; a transaction just happened; it may be wanted some day."""
PREVIEW: Final = "preview"
"""The kind of what is only tried: who waits for it is told at once why it failed, and nobody retries it (`RCP-6`)."""


@dataclass(frozen=True, slots=True)
class RenderTask:
    """One rendition to be made.

    `attempts` counts those that failed by the document's own doing, `interruptions` those that something else ended;
    `lease` proves that it is still ours.
    """

    document_id: UUID
    rendition: str
    clinic_id: UUID
    kind: str
    priority: int = EVENT
    attempts: int = 0
    interruptions: int = 0
    lease: UUID | None = None
    traceparent: str | None = None
    tracestate: str | None = None

    @property
    def key(self) -> dict[str, Any]:
        """What tells the task, and that it is still ours."""
        return {"document_id": self.document_id, "rendition": self.rendition, "lease": self.lease}


@dataclass(frozen=True, slots=True)
class SetAsideTask:
    """A rendition that could not be made, and why."""

    document_id: UUID
    rendition: str
    kind: str
    attempts: int
    failure: str
    requested_at: datetime
