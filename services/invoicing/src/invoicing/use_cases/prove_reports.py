"""Prove that the accountant's reports are the sums of the documents that they are made of (`PAY-16`, `ALL-8`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from chassis.proof import Difference
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.collected import Collected, Key
from invoicing.domain.period import Period
from invoicing.persistence import (
    clinics,
    collected_months,
    proof_of_reports,
    report_of_collections,
    report_of_tax,
    report_of_write_offs,
)
from invoicing.use_cases.report_ageing import report_ageing
from invoicing.use_cases.report_collections import report_collections

ALL = Period()
SHOWN_MAX = 100


async def prove_reports(connection: AsyncConnection) -> list[Difference]:
    """Each report of all there is, of each of the transaction's clinics, beside sums that are made another way."""
    found: list[Difference] = []
    settings = await clinics.find_many(connection, await proof_of_reports.clinics_with_invoices(connection))
    for clinic_id, clinic in settings.items():
        found += await _prove(connection, clinic_id, clinic)
        found += await _prove_months(connection, clinic_id, clinic)
    return found


async def _prove(connection: AsyncConnection, clinic_id: UUID, clinic: ClinicSettings) -> list[Difference]:
    documents = await proof_of_reports.sums_of_documents(connection, clinic_id)
    rates = await report_of_tax.by_rate(connection, clinic_id, ALL)
    kinds = await report_of_tax.by_kind(connection, clinic_id, ALL)
    ages = await report_ageing(connection, clinic_id, ALL.last, ALL.last, clinic.time_zone)
    collected = await report_collections(connection, clinic_id, ALL, clinic.time_zone)
    given_up = await report_of_write_offs.by_reason(connection, clinic_id, ALL)
    figures = (
        ("tax report base", documents.net, sum(row.base for row in rates)),
        ("tax report tax", documents.tax, sum(row.tax for row in rates)),
        ("tax report total", documents.total, sum(row.total for row in kinds)),
        ("ageing", documents.outstanding, sum(row.total for row in ages)),
        ("collections", documents.settled, sum(row.collected for row in collected)),
        ("write-offs", documents.given_up, sum(row.total for row in given_up)),
    )
    return list(_differing(clinic_id, figures))


async def _prove_months(connection: AsyncConnection, clinic_id: UUID, clinic: ClinicSettings) -> list[Difference]:
    """What is kept of closed months, each beside what its documents come to."""
    found: list[Difference] = []
    for first in await collected_months.standing(connection, clinic_id, ALL.last, clinic.time_zone):
        month = Period.of_month(first)
        kept = await collected_months.totals(connection, clinic_id, first, first)
        computed = await report_of_collections.by_procedure(connection, clinic_id, month, clinic.time_zone)
        what = f"collections of clinic {clinic_id} in {first:%Y-%m}"
        found += _unlike(what, _by_key(computed), _by_key(kept))
    return found[:SHOWN_MAX]


def _by_key(rows: Iterable[Collected]) -> dict[Key, int]:
    return {row.key: row.collected for row in rows}


def _unlike(what: str, expected: Mapping[Key, int], found: Mapping[Key, int]) -> Iterable[Difference]:
    for key in sorted(expected.keys() | found.keys(), key=str):
        if expected.get(key, 0) != found.get(key, 0):
            named = " ".join(str(part) for part in key if part is not None)
            yield Difference(f"{what}, {named}", str(expected.get(key, 0)), str(found.get(key, 0)))


def _differing(clinic_id: UUID, figures: Iterable[tuple[str, int, int]]) -> Iterable[Difference]:
    for what, expected, found in figures:
        if expected != found:
            yield Difference(f"{what} of clinic {clinic_id}", str(expected), str(found))
