"""The projection of issued invoices: what payments decides against, under lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.database.clinic_directory import listing
from chassis.database.driver import driver_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.invoice_document import IssuedInvoice
from payments.persistence.recordset import as_json

COLUMNS = """
    i.invoice_id, i.patient_id, i.number, i.currency, i.due_date, i.total_minor, i.debited_minor, i.credited_minor,
    i.refund_adjusted_minor, i.voided_minor, i.settled_minor, i.void, i.forgiven_minor, i.contractual_minor,
    i.bad_debt_minor, i.treatment_plan_ids, i.refund_pending_minor, i.refund_uncredited_minor, i.version
"""
_LOCK = text(
    f"""
    SELECT {COLUMNS} FROM invoices AS i
     WHERE i.invoice_id = ANY (CAST(:ids AS uuid[])) ORDER BY i.invoice_id FOR UPDATE
    """  # noqa: S608 - our own columns
)
BELL = "invoices"
"""Rung when invoices were registered: somebody may be waiting to pay one."""
_ARRIVED = text("SELECT clinic_id, invoice_id FROM invoices WHERE invoice_id = ANY (CAST(:ids AS uuid[]))")
_KNOWN = text("SELECT invoice_id, patient_id FROM invoices WHERE invoice_id = ANY (CAST(:ids AS uuid[]))")
_OPEN_OF_PATIENT = text(
    f"""
    SELECT {COLUMNS} FROM invoices AS i
     WHERE i.clinic_id = :clinic_id AND i.patient_id = ANY (records_of(:clinic_id, :patient_id))
       AND i.total_minor + i.debited_minor - i.credited_minor - i.refund_adjusted_minor - i.voided_minor
           > i.settled_minor
     ORDER BY i.invoice_id
    """  # noqa: S608 - our own columns
)
# Of a clinic whose settings never arrive, its first invoice is what makes it known.
_INSERT = f"""
    WITH listed AS ({listing("(SELECT clinic_id FROM jsonb_populate_recordset(NULL::invoices, $1::jsonb))")})
    INSERT INTO invoices (invoice_id, clinic_id, patient_id, number, currency, issue_date, due_date, total_minor,
                          treatment_plan_ids)
    SELECT invoice_id, clinic_id, patient_id, number, currency, issue_date, due_date, total_minor, treatment_plan_ids
      FROM jsonb_populate_recordset(NULL::invoices, $1::jsonb)
"""  # noqa: S608 - our own texts


def balance_of(row: Mapping[Any, Any]) -> InvoiceBalance:
    """A row of the projection as the domain has it."""
    return InvoiceBalance(
        invoice_id=row["invoice_id"],
        patient_id=row["patient_id"],
        number=row["number"],
        currency=row["currency"],
        due_date=row["due_date"],
        total_minor=row["total_minor"],
        debited_minor=row["debited_minor"],
        credited_minor=row["credited_minor"],
        refund_adjusted_minor=row["refund_adjusted_minor"],
        voided_minor=row["voided_minor"],
        settled_minor=row["settled_minor"],
        void=row["void"],
        forgiven_minor=row["forgiven_minor"],
        contractual_minor=row["contractual_minor"],
        bad_debt_minor=row["bad_debt_minor"],
        refund_pending_minor=row["refund_pending_minor"],
        refund_uncredited_minor=row["refund_uncredited_minor"],
        version=row["version"],
        treatment_plan_ids=frozenset(row["treatment_plan_ids"]),
    )


async def lock(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, InvoiceBalance]:
    """Lock invoices in the order of their ids, after any payments and before any credit (`PAY-11`)."""
    wanted = list(invoice_ids)
    if not wanted:
        return {}
    rows = await connection.execute(_LOCK, {"ids": wanted})
    return {row["invoice_id"]: balance_of(row) for row in rows.mappings()}


async def known(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Which of these invoices have been announced to us, and whose they are."""
    rows = await connection.execute(_KNOWN, {"ids": list(invoice_ids)})
    return {row.invoice_id: row.patient_id for row in rows}


async def arrived(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of these invoices are known, each with its clinic."""
    rows = await connection.execute(_ARRIVED, {"ids": list(invoice_ids)})
    return {(row.clinic_id, row.invoice_id) for row in rows}


async def open_of_patient(connection: AsyncConnection, clinic_id: UUID, patient_id: UUID) -> list[InvoiceBalance]:
    """The patient's invoices that ask for something, not locked."""
    rows = await connection.execute(_OPEN_OF_PATIENT, {"clinic_id": clinic_id, "patient_id": patient_id})
    return [balance_of(row) for row in rows.mappings()]


async def add(connection: AsyncConnection, issued: Sequence[IssuedInvoice]) -> None:
    """Enter newly issued invoices."""
    driver = await driver_of(connection)
    await driver.execute(_INSERT, as_json([_row(one) for one in issued]))


def _row(one: IssuedInvoice) -> dict[str, Any]:
    return {
        "invoice_id": one.balance.invoice_id,
        "clinic_id": one.clinic_id,
        "patient_id": one.balance.patient_id,
        "number": one.balance.number,
        "currency": one.balance.currency,
        "issue_date": one.issue_date,
        "due_date": one.balance.due_date,
        "total_minor": one.balance.total_minor,
        "treatment_plan_ids": sorted(one.balance.treatment_plan_ids),
    }
