"""The projection of issued invoices: what payments decides against, under lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from chassis.database.clinic_directory import listing
from chassis.database.driver import Statement
from chassis.database.rows import Rows, values_of
from sqlalchemy import BigInteger, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.invoice_document import InvoiceDocument, RegisteredInvoice
from payments.persistence.payers import estimates_as_json
from payments.persistence.tables import INVOICES

COLUMNS = """
    i.invoice_id, i.patient_id, i.number, i.currency, i.due_date, i.total_minor, i.debited_minor, i.credited_minor,
    i.refund_adjusted_minor, i.voided_minor, i.settled_minor, i.void, i.forgiven_minor, i.contractual_minor,
    i.bad_debt_minor, i.treatment_plan_ids, i.refund_pending_minor, i.refund_uncredited_minor, i.version
"""
WITH_PLAN = f"""
    SELECT {COLUMNS}, p.plan_id, p.plan_version FROM invoices AS i
      LEFT JOIN LATERAL (
           SELECT n.plan_id, q.version AS plan_version
             FROM installments AS n JOIN installment_plans AS q ON q.clinic_id = n.clinic_id AND q.plan_id = n.plan_id
            WHERE n.invoice_id = i.invoice_id LIMIT 1) AS p ON true
"""  # noqa: S608 - our own columns
"""Invoices, each with its live plan and the version of it that is known."""
_LOCK = Statement(
    f"""
    {WITH_PLAN}
     WHERE i.invoice_id = ANY (CAST(:ids AS uuid[])) ORDER BY i.invoice_id FOR UPDATE OF i
    """
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
_ROWS = Rows(
    INVOICES,
    [
        "invoice_id",
        "clinic_id",
        "patient_id",
        "number",
        "currency",
        "issue_date",
        "due_date",
        "total_minor",
        "treatment_plan_ids",
        "insurers_estimated_minor",
        "insurers_estimated",
    ],
)
# Of a clinic whose settings never arrive, its first invoice is what makes it known.
_CLINICS = listing(f"(SELECT clinic_id FROM {_ROWS.given()})")  # noqa: S608 - our own texts
_INSERT = Statement(f"WITH listed AS ({_CLINICS}) {_ROWS.inserting()}")
_BALANCE = [field.name for field in fields(InvoiceBalance) if field.name not in ("treatment_plan_ids", "plan")]


_PLACED = Rows(INVOICES, ["invoice_id", "version"])
_PLACES = Statement(
    f"""
    UPDATE invoices AS i SET {_PLACED.setting("p", "invoice_id")}
      FROM {_PLACED.given(alias="p")} WHERE i.invoice_id = p.invoice_id AND i.version < p.version
    """  # noqa: S608 - our own columns
)


_LINES_ASK = values_of(invoice_id=Uuid(), minor=BigInteger(), version=BigInteger())
# An older note changes nothing, whenever it is heard of. The invoices are locked.
_KEEP_LINES_ASK = Statement(
    f"""
    UPDATE invoices AS i SET asked_of_lines_minor = n.minor, asked_of_lines_version = n.version
      FROM {_LINES_ASK.given(alias="n")} WHERE i.invoice_id = n.invoice_id AND i.asked_of_lines_version < n.version
    """  # noqa: S608 - our own columns
)


def balance_of(row: Mapping[Any, Any]) -> InvoiceBalance:
    """A row of the projection as the domain has it."""
    plans = frozenset(row["treatment_plan_ids"])
    return InvoiceBalance(**{name: row[name] for name in _BALANCE}, treatment_plan_ids=plans)


async def lock(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, InvoiceBalance]:
    """Lock invoices in the order of their ids, after any payments and before any credit (`PAY-11`)."""
    wanted = list(invoice_ids)
    if not wanted:
        return {}
    return {row["invoice_id"]: locked_of(row) for row in await _LOCK.rows(connection, {"ids": wanted})}


def locked_of(row: Mapping[Any, Any]) -> InvoiceBalance:
    """A row that has its plan, as the domain has it."""
    balance = balance_of(row)
    balance.plan = None if row["plan_id"] is None else (row["plan_id"], row["plan_version"])
    return balance


async def keep_places(connection: AsyncConnection, places: Mapping[UUID, int]) -> None:
    """Have what is changed next on these invoices come after these places in their order."""
    rows = [{"invoice_id": invoice_id, "version": place} for invoice_id, place in places.items()]
    await _PLACES.rows(connection, _PLACED.arrays(rows))


async def keep_what_lines_ask(connection: AsyncConnection, documents: Sequence[InvoiceDocument]) -> None:
    """Keep what the latest note of each invoice left its own lines asking for: one of an older release does not say."""
    in_turn = sorted(documents, key=lambda document: document.invoice_version)
    latest = {
        document.invoice_id: (document.asked_of_lines_minor, document.invoice_version)
        for document in in_turn
        if document.invoice_version
    }
    if latest:
        await _KEEP_LINES_ASK.rows(connection, _LINES_ASK.keyed([(id_, *told) for id_, told in latest.items()]))


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


async def add(connection: AsyncConnection, issued: Sequence[RegisteredInvoice]) -> None:
    """Enter newly issued invoices."""
    await _INSERT.rows(connection, _ROWS.arrays([_row(invoice) for invoice in issued]))


def _row(issued: RegisteredInvoice) -> dict[str, Any]:
    own = {
        "clinic_id": issued.clinic_id,
        "issue_date": issued.issue_date,
        "insurers_estimated_minor": issued.insurers_estimated_minor,
        "insurers_estimated": estimates_as_json(issued.insurers_estimated, issued.insurers_write_offs),
    }
    return own | {name: getattr(issued.balance, name) for name in _ROWS.columns if name not in own}
