"""Print a clinic's day, with the figures that payments has of it now (`PAY-10`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.clock import today
from chassis.database import Database

from receipts.documents.content.day_sheet import compose_day_sheet
from receipts.documents.content.frozen import day_sheet_as_json
from receipts.documents.figures.books import Books
from receipts.domain.errors import ClinicNotConfigured
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import document_settings, people
from receipts.use_cases.compose_document import ComposeDocument, compose_document
from receipts.use_cases.find_document import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDaySheet:
    """Which day; `credentials` are the caller's, whom payments answers or not."""

    clinic_id: UUID
    day: date
    credentials: Mapping[str, str]
    subject: str
    now: datetime


async def print_day_sheet(database: Database, books: Books, command: PrintDaySheet, wait: Waiting) -> StoredDocument:
    """The day sheet. Raises ClinicNotConfigured, and what Books and compose_document raise."""
    clinic_id = command.clinic_id
    async with database.reading([clinic_id]) as connection:
        clinic = (await people.newest_clinics(connection, [clinic_id])).get(clinic_id)
        settings = (await document_settings.settings_of(connection, [clinic_id]))[clinic_id]
    if clinic is None:
        raise ClinicNotConfigured
    sheet = await books.day_sheet(command.credentials, command.day)
    content = compose_day_sheet(sheet, clinic=clinic, settings=settings, made_on=today(command.now, clinic.time_zone))
    composed = ComposeDocument(
        clinic_id=clinic_id, kind="day_sheet", content=day_sheet_as_json(content), subject=command.subject
    )
    return await compose_document(database, composed, wait)
