"""What a printed day sheet says: the day's figures as they stood when it was asked for (`PAY-10`, `RCP-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from receipts.documents.catalogs import choose_language
from receipts.domain.day_sheet import DaySheet
from receipts.domain.people import Clinic, Paper
from receipts.domain.settings import DocumentSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheetContent:
    """Everything that a day sheet prints."""

    clinic_id: UUID
    clinic_version: int
    language: str
    paper: Paper
    made_on: date
    sheet: DaySheet
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""


def compose_day_sheet(sheet: DaySheet, *, clinic: Clinic, settings: DocumentSettings, made_on: date) -> DaySheetContent:
    """Say what the day was, in the clinic's language: it is the clinic's own paper."""
    return DaySheetContent(
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        language=choose_language(clinic.language),
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        made_on=made_on,
        sheet=sheet,
    )
