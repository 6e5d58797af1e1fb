"""What a rendering process is asked for, and what it refuses.

Light to import: the process that asks needs none of what renders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from receipts.domain.own_templates import OwnTemplate
from receipts.domain.people import Clinic
from receipts.domain.receipt import VoidCause


class AssetRefused(ValueError):
    """A template asked for an address that is not one of its assets (`RCP-6`)."""


class TemplateRefused(ValueError):
    """A clinic's own template cannot be used; its text names the line, and nothing of the document (`RCP-6`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What is stamped: VOID with the day, cause and reason, or COPY with the day of the original."""

    kind: Literal["void", "copy"]
    language: str
    paper: str
    zone: str
    at: datetime
    cause: VoidCause | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """One document to be made. With a `base` (stored bytes), that is stamped; else it is rendered from its content.

    A `roll` is as long as what it says, and says itself what would be stamped on a sheet.
    """

    kind: str
    content: dict[str, Any]
    clinic: Clinic
    brief: bool
    roll: bool = False
    base: bytes | None = None
    stamp: Stamp | None = None
    own: OwnTemplate | None = None
    """What the clinic has in the place of the system's template and texts (`RCP-6`)."""
