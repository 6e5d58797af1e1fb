"""The accountant's reports, as JSON and as CSV: tax, ageing, collections, write-offs (`PAY-16`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from chassis.http import Page, Paging, Read, ResponseBody, problems
from chassis.http.paging import Position
from chassis.http.spreadsheet import Cell, csv_answer, documented, several
from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from invoicing.domain.ageing import Aged
from invoicing.domain.collected import Collected
from invoicing.domain.report_figures import GivenUpFor
from invoicing.http import accounting_examples as examples
from invoicing.http.accounting_responses import (
    AgeingOut,
    CollectedOut,
    CollectionsOut,
    DebtorOut,
    ReasonOut,
    TaxReportOut,
    WriteOffsOut,
    ageing_cells,
    collection_cells,
    tax_cells,
    write_off_cells,
)
from invoicing.http.report_days import AsOf, Days
from invoicing.http.scopes import InvoicesRead
from invoicing.persistence import clinics, patients, report_of_tax, report_of_write_offs
from invoicing.use_cases.report_ageing import report_ageing
from invoicing.use_cases.report_collections import report_collections

router = APIRouter(prefix="/v1/reports", tags=["reports"])
Asked = Annotated[Days, Depends()]
Parted = Annotated[Paging, Depends()]
Kind = TypeVar("Kind")


@router.get("/tax", response_model=TaxReportOut, responses=problems(409, 422), summary="Report tax")
async def get_tax(read: InvoicesRead, days: Asked) -> Response:
    """Base and tax of a period by category, rate and kind of document.

    Invoices and notes count on their issue date; a void takes back, on its own day, the invoice and the notes on it.
    """
    async with read as connection:
        currency = (await clinics.find_settings(connection, read.clinic_id)).currency
        rates = await report_of_tax.by_rate(connection, read.clinic_id, days.period)
        kinds = await report_of_tax.by_kind(connection, read.clinic_id, days.period)
    return read.answer(TaxReportOut.of((days.from_, days.to), rates, kinds, currency))


@router.get(
    "/tax.csv", response_class=Response, responses=documented(examples.CSV_TAX) | problems(409, 422), summary="Tax, CSV"
)
async def export_tax(read: InvoicesRead, days: Asked) -> Response:
    """The items of the tax report as one CSV file."""
    async with read as connection:
        currency = (await clinics.find_settings(connection, read.clinic_id)).currency
        rates = await report_of_tax.by_rate(connection, read.clinic_id, days.period)
    return await _csv(read, f"tax-{days.name}", examples.CSV_TAX, (tax_cells(row, currency) for row in rates))


@router.get("/ageing", response_model=AgeingOut, responses=problems(409, 422), summary="Report ageing")
async def get_ageing(
    read: InvoicesRead,
    paging: Parted,
    as_of: Annotated[AsOf, Depends()],
    debtor: Literal["patient", "insurer"] | None = None,
) -> Response:
    """What is owed at the end of a day, by patient and by insurer, and how long it has been due.

    With an installment plan by the days of its installments, else by the invoice's due date. An insurer owes what its
    decisions say that it pays, else what was estimated, less what it paid; the patient owes the rest. The sums are of
    all debtors, whichever `debtor` says are listed.
    """
    async with read as connection:
        settings = await clinics.find_settings(connection, read.clinic_id)
        day, present = await as_of.days(connection, read.clinic_id)
        rows = await report_ageing(connection, read.clinic_id, day, present, settings.time_zone)
        names = await _patients(connection, read.clinic_id, rows)
    listed = [row for row in rows if debtor is None or _debtor_key(row)[0] == (debtor == "insurer")]
    page = _page(
        paging, listed, _debtor_key, (bool, UUID), lambda row: DebtorOut.of(row, _name(row, names), settings.currency)
    )
    return read.answer(AgeingOut.of(day, rows, page, settings.currency))


@router.get(
    "/ageing.csv",
    response_class=Response,
    responses=documented(examples.CSV_AGEING) | problems(409, 422),
    summary="Ageing, CSV",
)
async def export_ageing(read: InvoicesRead, as_of: Annotated[AsOf, Depends()]) -> Response:
    """Every debtor of the ageing as one CSV file."""
    async with read as connection:
        settings = await clinics.find_settings(connection, read.clinic_id)
        day, present = await as_of.days(connection, read.clinic_id)
        rows = await report_ageing(connection, read.clinic_id, day, present, settings.time_zone)
        names = await _patients(connection, read.clinic_id, rows)
    cells = (ageing_cells(row, _name(row, names), settings.currency) for row in rows)
    return await _csv(read, f"ageing-{day}", examples.CSV_AGEING, cells)


@router.get("/collections", response_model=CollectionsOut, responses=problems(409, 422), summary="Report collections")
async def get_collections(read: InvoicesRead, paging: Parted, days: Asked) -> Response:
    """What was collected in a period, by provider and by procedure.

    Collected is what settles invoices, less what left them again, on the days on which payments recorded it. Each
    invoice's is divided over its lines in proportion to what each asks for, credit notes on lines taken off.
    """
    async with read as connection:
        settings = await clinics.find_settings(connection, read.clinic_id)
        rows = await report_collections(connection, read.clinic_id, days.period, settings.time_zone)
    rows = sorted(rows, key=_collected_key)
    kinds = (UUID, str, str, str)
    page = _page(paging, rows, _collected_key, kinds, lambda row: CollectedOut.of(row, settings.currency))
    return read.answer(CollectionsOut.of((days.from_, days.to), rows, page, settings.currency))


@router.get(
    "/collections.csv",
    response_class=Response,
    responses=documented(examples.CSV_COLLECTIONS) | problems(409, 422),
    summary="Collections, CSV",
)
async def export_collections(read: InvoicesRead, days: Asked) -> Response:
    """Every row of the collections as one CSV file."""
    async with read as connection:
        settings = await clinics.find_settings(connection, read.clinic_id)
        rows = await report_collections(connection, read.clinic_id, days.period, settings.time_zone)
    cells = (collection_cells(row, settings.currency) for row in sorted(rows, key=_collected_key))
    return await _csv(read, f"collections-{days.name}", examples.CSV_COLLECTIONS, cells)


@router.get("/write-offs", response_model=WriteOffsOut, responses=problems(409, 422), summary="Report write-offs")
async def get_write_offs(read: InvoicesRead, paging: Parted, days: Asked) -> Response:
    """What was given up in a period by credit notes, by kind and reason, less what was taken back of such.

    What undoes a note counts on its own day, against the kind and reason of the note; so does a void.
    """
    async with read as connection:
        currency = (await clinics.find_settings(connection, read.clinic_id)).currency
        kinds = await report_of_write_offs.by_kind(connection, read.clinic_id, days.period)
        rows = await report_of_write_offs.by_reason(connection, read.clinic_id, days.period)
    rows = sorted(rows, key=_reason_key)
    page = _page(paging, rows, _reason_key, (str, str), lambda row: ReasonOut.of(row, currency))
    return read.answer(WriteOffsOut.of((days.from_, days.to), kinds, page, currency))


@router.get(
    "/write-offs.csv",
    response_class=Response,
    responses=documented(examples.CSV_WRITE_OFFS) | problems(409, 422),
    summary="Write-offs, CSV",
)
async def export_write_offs(read: InvoicesRead, days: Asked) -> Response:
    """Every reason of the write-offs as one CSV file."""
    async with read as connection:
        currency = (await clinics.find_settings(connection, read.clinic_id)).currency
        rows = await report_of_write_offs.by_reason(connection, read.clinic_id, days.period)
    cells = (write_off_cells(row, currency) for row in sorted(rows, key=_reason_key))
    return await _csv(read, f"write-offs-{days.name}", examples.CSV_WRITE_OFFS, cells)


def _page(
    paging: Paging,
    rows: Sequence[Kind],
    key: Callable[[Kind], Position],
    kinds: tuple[type, ...],
    show: Callable[[Kind], ResponseBody],
) -> Page[Any]:
    """The part that is asked for of rows that are in the order of their key."""
    after = paging.after_of(*kinds)
    left = [row for row in rows if after is None or key(row) > after]
    return paging.page(left[: paging.fetch], key, show)


async def _csv(read: Read, name: str, example: str, rows: Iterable[Sequence[Cell]]) -> Response:
    return await csv_answer(read, name, example.splitlines()[0].split(","), several(rows))


def _debtor_key(row: Aged) -> tuple[bool, UUID]:
    return row.debtor.insurer is not None, row.debtor.id


def _name(row: Aged, known: Mapping[UUID, str]) -> str | None:
    return row.debtor.insurer or known.get(row.debtor.id)


async def _patients(connection: AsyncConnection, clinic_id: UUID, rows: Sequence[Aged]) -> Mapping[UUID, str]:
    """By whose names a front desk knows who owes (`INV-18`)."""
    owing = [row.debtor.id for row in rows if row.debtor.insurer is None]
    return await patients.names_of(connection, clinic_id, owing)


def _collected_key(row: Collected) -> tuple[UUID, str, str, str]:
    return row.provider_id or UUID(int=0), row.kind, row.code_system or "", row.code or ""


def _reason_key(row: GivenUpFor) -> tuple[str, str]:
    return row.kind, row.reason
