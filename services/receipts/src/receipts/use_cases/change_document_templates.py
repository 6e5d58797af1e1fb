"""Change what a clinic's documents have of its own from now on; what is frozen keeps the version that it has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work

from receipts.domain.own_templates import OwnTemplates
from receipts.persistence.own_templates import VERSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumentTemplates:
    """The templates and texts as they shall be, and why, decided on the version `expected` (0 where there was none)."""

    own: OwnTemplates
    expected: int
    reason: str


async def change_document_templates(work: Work, command: ChangeDocumentTemplates) -> OwnTemplates:
    """Save them. Raises SettingsChanged (`ALL-3`)."""
    version = await VERSIONS.append(work, command.own, replaces=command.expected, reason=command.reason)
    return replace(command.own, version=version)
