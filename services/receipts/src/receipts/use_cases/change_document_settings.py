"""Change how a clinic's documents look from now on; what is frozen stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work

from receipts.domain.people import Paper
from receipts.domain.settings import DocumentSettings
from receipts.persistence import document_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumentSettings:
    """The settings as they shall be, and why, decided on the version `expected` (0 where none were saved before)."""

    paper: Paper | None
    show_note: bool | None
    show_procedures: bool
    expected: int
    reason: str


async def change_document_settings(work: Work, command: ChangeDocumentSettings) -> DocumentSettings:
    """Save them. Raises SettingsChanged (`ALL-3`)."""
    wanted = DocumentSettings(paper=command.paper, show_note=command.show_note, show_procedures=command.show_procedures)
    version = await document_settings.append(work, wanted, replaces=command.expected, reason=command.reason)
    return replace(wanted, version=version)
