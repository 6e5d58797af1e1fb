"""Print a patient's account over a period, with the figures that payments has of it now (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.clock import today
from chassis.database import Database

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import statement_as_json
from receipts.documents.content.statement import compose_statement
from receipts.documents.figures.books import Books
from receipts.domain.errors import ClinicNotConfigured, FiguresUnavailable, PatientUnknown
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import document_settings, people, receipts
from receipts.use_cases.compose_document import ComposeDocument, compose_document
from receipts.use_cases.find_document import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintStatement:
    """Whose account, from and to which day; `credentials` are the caller's, whom payments answers or not."""

    clinic_id: UUID
    patient_id: UUID
    from_day: date | None
    to_day: date | None
    credentials: Mapping[str, str]
    subject: str
    now: datetime


async def print_statement(database: Database, books: Books, command: PrintStatement, wait: Waiting) -> StoredDocument:
    """The statement. Raises ClinicNotConfigured, PatientUnknown, and what Books and compose_document raise."""
    clinic_id, patient_id = command.clinic_id, command.patient_id
    async with database.reading([clinic_id]) as connection:
        clinic = (await people.newest_clinics(connection, [clinic_id])).get(clinic_id)
        patient = (await people.patients_of(connection, [(clinic_id, patient_id)])).get((clinic_id, patient_id))
        settings = (await document_settings.settings_of(connection, [clinic_id]))[clinic_id]
    if clinic is None:
        raise ClinicNotConfigured
    if patient is None:
        raise PatientUnknown(patient_id)
    account = await books.account(command.credentials, patient_id, command.from_day, command.to_day)
    if not account.adds_up:
        raise FiguresUnavailable("the account that payments gave does not add up")
    async with database.reading([clinic_id]) as connection:
        numbers = await receipts.numbers_of(connection, account.transaction_ids)
        settled = await receipts.installments_of(connection, account.transaction_ids)
        received = await receipts.received_of(connection, account.transaction_ids)
    content = compose_statement(
        account,
        language=choose_language(patient.language, clinic.language),
        clinic=clinic,
        patient=patient,
        settings=settings,
        receipt_numbers=numbers,
        installments=settled,
        received=received,
        made_on=today(command.now, clinic.time_zone),
        from_day=command.from_day,
        to_day=command.to_day,
    )
    composed = ComposeDocument(
        clinic_id=clinic_id, kind="statement", content=statement_as_json(content), subject=command.subject
    )
    return await compose_document(database, composed, wait)
