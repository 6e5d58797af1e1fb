"""Print what one installment asks for, with the figures that invoicing, and payments of credit, has now (`PLN-10`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.clock import today
from chassis.database import Database

from receipts.documents.catalogs import choose_language
from receipts.documents.content.demand import compose_demand
from receipts.documents.content.frozen import demand_as_json
from receipts.documents.figures.books import Books
from receipts.documents.figures.installments import Installments
from receipts.domain.errors import ClinicNotConfigured, FiguresNotPermitted, NothingToDemand, PatientUnknown
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import document_settings, people
from receipts.use_cases.compose_document import ComposeDocument, compose_document
from receipts.use_cases.find_document import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDemand:
    """Which installment's; `credentials` are the caller's, whom invoicing answers or not.

    `estimated` leaves out what insurers are estimated to take, until they decide; then it is left out anyway.
    """

    clinic_id: UUID
    installment_id: UUID
    credentials: Mapping[str, str]
    estimated: bool
    subject: str
    now: datetime


async def print_demand(
    database: Database, installments: Installments, books: Books, command: PrintDemand, wait: Waiting
) -> StoredDocument:
    """The demand. Raises ClinicNotConfigured, PatientUnknown, NothingToDemand, and what Installments and Books raise.

    Who may not read payments is not told of credit: the demand asks for what is owed all the same.
    """
    clinic_id = command.clinic_id
    asked = await installments.one(command.credentials, command.installment_id, estimated=command.estimated)
    if not asked.asked or not asked.to_pay.minor:
        raise NothingToDemand(asked)
    credit = None
    async with database.reading([clinic_id]) as connection:
        clinic = (await people.newest_clinics(connection, [clinic_id])).get(clinic_id)
        key = (clinic_id, asked.patient_id)
        patient = (await people.patients_of(connection, [key])).get(key)
        settings = (await document_settings.settings_of(connection, [clinic_id]))[clinic_id]
    if clinic is None:
        raise ClinicNotConfigured
    if patient is None:
        raise PatientUnknown(asked.patient_id)
    with suppress(FiguresNotPermitted):
        credit = await books.credit(command.credentials, asked.patient_id)
    content = compose_demand(
        asked,
        credit=credit,
        language=choose_language(patient.language, clinic.language),
        clinic=clinic,
        patient=patient,
        settings=settings,
        made_on=today(command.now, clinic.time_zone),
    )
    composed = ComposeDocument(
        clinic_id=clinic_id, kind="demand", content=demand_as_json(content), subject=command.subject
    )
    return await compose_document(database, composed, wait)
