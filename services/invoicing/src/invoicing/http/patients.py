"""Patients found by name, birth date, chart or invoice number, with what they owe (`INV-18`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import NotFound, Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.domain.patient import PatientFilter
from invoicing.http.clinic_day import ClinicDay
from invoicing.http.patient_requests import PatientSearchIn
from invoicing.http.patient_responses import PatientOut, UnregisteredOut
from invoicing.http.scopes import InvoicesRead
from invoicing.persistence import clinics, patients

router = APIRouter(tags=["patients"])


@router.get("/v1/unregistered-patients", response_model=Page[UnregisteredOut], responses=problems(422))
async def list_unregistered_patients(read: InvoicesRead, paging: Annotated[Paging, Depends()]) -> Response:
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
    body: PatientSearchIn,
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    day: Annotated[ClinicDay, Depends()],
) -> Response:
    """Patients of the clinic by what a front desk is told, each with what they owe. Nothing is changed by it.

    Without any word all are listed. What is not a patient of the register yet is not found.
    """
    after = paging.after_value(UUID)
    async with read as connection:
        known = await clinics.find_many(connection, [read.clinic_id])
        language = known[read.clinic_id].language if read.clinic_id in known else "en"
        wanted = PatientFilter(body.text, body.birth_date, language)
        now = await day.today(connection, read.clinic_id)
        found = await patients.search(connection, read.clinic_id, wanted, now, after, paging.fetch)
    currency = known[read.clinic_id].currency if read.clinic_id in known else None
    return read.answer(
        paging.page(found, key=lambda row: (row.patient_id,), show=lambda row: PatientOut.of(row, currency))
    )


@router.get(
    "/v1/patients/{patient_id}", response_model=PatientOut, responses=problems(404, 422), summary="Read a patient"
)
async def get_patient(patient_id: UUID, read: InvoicesRead, day: Annotated[ClinicDay, Depends()]) -> Response:
    """A patient by the id of either record, as the one that goes on (`ALL-10`), with what they owe (`INV-18`)."""
    async with read as connection:
        known = await clinics.find_many(connection, [read.clinic_id])
        now = await day.today(connection, read.clinic_id)
        found = await patients.find(connection, read.clinic_id, patient_id, now)
    if found is None:
        raise NotFound("the patient register has told of no such patient, or not yet", maybe_soon=True)
    currency = known[read.clinic_id].currency if read.clinic_id in known else None
    return read.answer(PatientOut.of(found, currency))
