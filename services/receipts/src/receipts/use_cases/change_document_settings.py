"""Change how a clinic's documents look from now on; what is frozen stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.database import Work

from receipts.domain.errors import SettingsChanged
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
    current = (await document_settings.settings_of(work.connection, [work.clinic_id]))[work.clinic_id]
    if current.version != command.expected:
        raise SettingsChanged(current.version)
    wanted = DocumentSettings(paper=command.paper, show_note=command.show_note, show_procedures=command.show_procedures)
    version = await document_settings.put(work, wanted, expected=command.expected, reason=command.reason)
    if version is None:
        raise SettingsChanged(command.expected + 1)
    return DocumentSettings(
        paper=wanted.paper, show_note=wanted.show_note, show_procedures=wanted.show_procedures, version=version
    )
