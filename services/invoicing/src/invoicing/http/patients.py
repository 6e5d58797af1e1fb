"""Patients found by name, birth date, chart or invoice number, with what they owe (`INV-18`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.http import TEXT, MoneyOut, Page, Paging, problems
from chassis.http.time import BirthDay
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from invoicing.http.answer import Answer, shown
from invoicing.http.examples import PATIENT, usd
from invoicing.http.invoices import Reader
from invoicing.http.reading import ClinicDay
from invoicing.persistence import clinics, patients

router = APIRouter(tags=["patients"])

PATIENT_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "name": "Amara Okafor-Núñez",
    "given_name": "Amara",
    "family_name": "Okafor-Núñez",
    "birth_date": "1987-04-09",
    "chart_number": "C-20417",
    "open_invoices": 2,
    "outstanding": usd("500.00"),
    "overdue": usd("120.00"),
}


class PatientSearchIn(BaseModel):
    """Who is looked for. It is a body, for a name in a URL would stand in logs (`ALL-6`)."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, json_schema_extra={"example": {"text": "okafor ama 1987-04-09"}}
    )

    text: Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT)] | None = None
    """Words of the name in any order, each perhaps only begun, with or without accents, apostrophes and hyphens; the
    chart number, with or without its zeros; a birth date as `1987-04-09` or as the clinic's language writes it; or the
    whole number of an invoice."""
    birth_date: BirthDay | None = None


class PatientOut(Answer):
    """A patient of the register and what their invoices ask for; credit of theirs is what payments says."""

    model_config = ConfigDict(json_schema_extra={"example": PATIENT_EXAMPLE})

    patient_id: UUID
    name: str
    given_name: str
    family_name: str
    birth_date: date | None
    chart_number: str | None
    open_invoices: int
    outstanding: MoneyOut | None
    """Null while the clinic has no settings, and so no currency."""
    overdue: MoneyOut | None

    @classmethod
    def of(cls, row: Any, currency: str | None) -> PatientOut:
        """As the wire has it."""
        named = ("patient_id", "given_name", "family_name", "birth_date", "chart_number", "open_invoices")
        owed = {name: shown(getattr(row, name), currency) if currency else None for name in ("outstanding", "overdue")}
        return cls(
            name=f"{row.given_name} {row.family_name}".strip(), **{name: getattr(row, name) for name in named}, **owed
        )


UNREGISTERED_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "invoices": 2,
    "first_issued_on": "2026-11-23",
    "outstanding": usd("500.00"),
}


class UnregisteredOut(Answer):
    """A patient who has invoices, drafts included, and of whom the register has told nothing (`ALL-11`)."""

    model_config = ConfigDict(json_schema_extra={"example": UNREGISTERED_EXAMPLE})

    patient_id: UUID
    invoices: int
    first_issued_on: date | None
    """Null where none is issued yet."""
    outstanding: MoneyOut | None
    """Null while the clinic has no settings, and so no currency."""

    @classmethod
    def of(cls, row: Any, currency: str | None) -> UnregisteredOut:
        """As the wire has it."""
        return cls(
            patient_id=row.patient_id,
            invoices=row.invoices,
            first_issued_on=row.first_issued_on,
            outstanding=shown(row.outstanding, currency) if currency else None,
        )


@router.get("/v1/unregistered-patients", response_model=Page[UnregisteredOut], responses=problems(422))
async def list_unregistered_patients(read: Reader, paging: Annotated[Paging, Depends()]) -> Response:
    """Patients with invoices of whom the register has told nothing: documents have this id for a name.

    Mostly the register is late. One that stays is a wrong id, or a patient whom the register has under another: have it
    registered or merged there (`ALL-10`), or void the invoice.
    """
    after = paging.after_value(UUID)
    async with read as connection:
        known = await clinics.find_many(connection, [read.clinic_id])
        found = await patients.unregistered(connection, read.clinic_id, after, paging.fetch)
    currency = known[read.clinic_id].currency if read.clinic_id in known else None
    return read.answer(
        paging.page(found, key=lambda row: (row.patient_id,), show=lambda row: UnregisteredOut.of(row, currency))
    )


@router.post(
    "/v1/patients/search", response_model=Page[PatientOut], responses=problems(422), summary="Search for patients"
)
async def search_patients(
    body: PatientSearchIn, read: Reader, paging: Annotated[Paging, Depends()], day: Annotated[ClinicDay, Depends()]
) -> Response:
    """Patients of the clinic by what a front desk is told, each with what they owe. Nothing is changed by it.

    Without any word all are listed. What is not a patient of the register yet is not found.
    """
    after = paging.after_value(UUID)
    async with read as connection:
        known = await clinics.find_many(connection, [read.clinic_id])
        language = known[read.clinic_id].language if read.clinic_id in known else "en"
        wanted = patients.PatientFilter(body.text, body.birth_date, language)
        now = await day.today(connection, read.clinic_id)
        found = await patients.search(connection, read.clinic_id, wanted, now, after, paging.fetch)
    currency = known[read.clinic_id].currency if read.clinic_id in known else None
    return read.answer(
        paging.page(found, key=lambda row: (row.patient_id,), show=lambda row: PatientOut.of(row, currency))
    )
