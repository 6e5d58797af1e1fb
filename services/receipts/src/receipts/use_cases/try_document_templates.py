"""Try a clinic's own templates on samples before they count: one that cannot make its sample is never saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Database

from receipts.domain.errors import OwnTemplateRefused
from receipts.domain.own_templates import OwnTemplates
from receipts.domain.settings import DocumentSettings
from receipts.persistence import own_templates
from receipts.use_cases.find_document import Waiting
from receipts.use_cases.preview_document import PreviewDocument, preview_document


@dataclass(frozen=True, slots=True, kw_only=True)
class TryDocumentTemplates:
    """What a clinic would have of its own."""

    clinic_id: UUID
    own: OwnTemplates
    subject: str
    now: datetime


async def try_document_templates(database: Database, command: TryDocumentTemplates, wait: Waiting) -> None:
    """Make a sample by each template that is not in force already.

    Raises OwnTemplateRefused, which names it, ClinicNotConfigured, and DocumentNotReady while it is being tried.
    """
    async with database.reading([command.clinic_id]) as connection:
        in_force = await own_templates.in_force(connection, command.clinic_id)
    for kind, template in command.own.templates.items():
        if in_force.templates.get(kind) == template:
            continue
        sample = PreviewDocument(
            clinic_id=command.clinic_id,
            kind=kind,
            language=None,
            letterhead={},
            settings=DocumentSettings(),
            own=command.own,
            subject=command.subject,
            now=command.now,
        )
        try:
            await preview_document(database, sample, wait)
        except OwnTemplateRefused as refused:
            raise OwnTemplateRefused(refused.reason, f"templates.{kind}") from None
