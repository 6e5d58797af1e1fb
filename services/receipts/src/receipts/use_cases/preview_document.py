"""Show what a document would look like with a letterhead and settings that nobody has saved yet (`RCP-6`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.clock import today
from chassis.database import Database

from receipts.documents.catalogs import choose_language
from receipts.documents.content.samples import Sampled, sample_of
from receipts.documents.render.kinds import ROLL
from receipts.domain.errors import ClinicNotConfigured, DocumentSetAside, OwnTemplateRefused
from receipts.domain.own_templates import NOTHING_OWN, OwnTemplates
from receipts.domain.people import Clinic
from receipts.domain.render_task import PREVIEW
from receipts.domain.settings import DocumentSettings
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import people
from receipts.use_cases.compose_document import ComposeDocument, compose_document
from receipts.use_cases.find_document import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDocument:
    """Which kind of document (`roll` for a receipt on it), and how.

    `letterhead` has the members of the clinic that would be others than now.
    """

    clinic_id: UUID
    kind: str
    language: str | None
    letterhead: Mapping[str, Any]
    settings: DocumentSettings
    own: OwnTemplates = NOTHING_OWN
    """The templates and texts that would be the clinic's own."""
    subject: str
    now: datetime


async def preview_document(database: Database, command: PreviewDocument, wait: Waiting) -> StoredDocument:
    """A sample; what is saved stays as it is.

    Raises ClinicNotConfigured, OwnTemplateRefused where the clinic's own cannot make it, and what compose_document
    raises.
    """
    clinic_id = command.clinic_id
    async with database.reading([clinic_id]) as connection:
        known = (await people.newest_clinics(connection, [clinic_id])).get(clinic_id)
    if known is None:
        raise ClinicNotConfigured
    clinic = _with(known, command.letterhead)
    sampled = Sampled(
        clinic=clinic,
        settings=command.settings,
        language=choose_language(command.language, clinic.language),
        day=today(command.now, clinic.time_zone),
    )
    kind = "receipt" if command.kind == ROLL else command.kind
    content = {
        "kind": kind,
        "roll": command.kind == ROLL,
        "content": sample_of(kind, sampled),
        "clinic": people.details_of(clinic),
    }
    own = command.own.of(command.kind, sampled.language)
    if own is not None:
        content["own"] = {"template": own.template, "texts": dict(own.texts)}
    composed = ComposeDocument(clinic_id=clinic_id, kind=PREVIEW, content=content, subject=command.subject)
    try:
        return await compose_document(database, composed, wait)
    except DocumentSetAside as failed:
        if own is None:
            raise
        raise OwnTemplateRefused(failed.failure) from None


def _with(clinic: Clinic, letterhead: Mapping[str, Any]) -> Clinic:
    """The clinic as it would be: a logo takes the place of whichever there was."""
    others: dict[str, Any] = {"logo_svg": None} if "logo" in letterhead else {}
    return replace(clinic, **others, **letterhead)
