"""Change how a clinic's documents look from now on; what is frozen stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work

from receipts.domain.settings import DocumentSettings
from receipts.persistence import document_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumentSettings:
    """The settings as they shall be, and why, decided on the version `expected` (0 where none were saved before)."""

    settings: DocumentSettings
    expected: int
    reason: str


async def change_document_settings(work: Work, command: ChangeDocumentSettings) -> DocumentSettings:
    """Save them. Raises SettingsChanged (`ALL-3`)."""
    version = await document_settings.append(work, command.settings, replaces=command.expected, reason=command.reason)
    return replace(command.settings, version=version)
