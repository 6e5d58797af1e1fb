"""What people look at beside the invoices: billable procedures, reviews, and a clinic's sums."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.rows import rows_as
from chassis.members import Members
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.billable_procedure import ListedProcedure, ProcedureFilter
from invoicing.domain.report_figures import ClinicSums
from invoicing.domain.review import ListedReview, ReviewFilter
from invoicing.persistence.billable_procedures import procedure_of
from invoicing.persistence.invoice_lists import OPEN

_PROCEDURES = """
    SELECT p.*, i.number AS invoice_number, i.status AS invoice_status,
           coalesce(p.fee_currency <> c.settings ->> 'currency', false) AS fee_in_other_currency
      FROM billable_procedures p LEFT JOIN invoices i ON i.id = p.invoice_id
      LEFT JOIN clinics c ON c.clinic_id = p.clinic_id
     WHERE p.clinic_id = :clinic_id AND p.completed_at IS NOT NULL AND p.procedure_id > :after {filters}
     ORDER BY p.procedure_id LIMIT :most
"""
_PROCEDURE_STATE: dict[str, str] = {
    "billable": "p.invoice_id IS NULL AND p.reverted_at IS NULL",
    "invoiced": "p.invoice_id IS NOT NULL AND p.reverted_at IS NULL",
    "reverted": "p.reverted_at IS NOT NULL",
}
_LISTED = Members(ListedProcedure, without=["procedure"])
_REVIEWS = """
    SELECT r.*, i.number, i.status, i.patient_id, i.appointment_id
      FROM reviews r JOIN invoices i ON i.id = r.invoice_id
     WHERE r.clinic_id = :clinic_id AND r.id > :after {filters} ORDER BY r.id LIMIT :most
"""
# Of an invoice with a live plan, what its late installments ask for is late (`INV-15`).
_OUTSTANDING = text(
    f"""
    SELECT count(*) FILTER (WHERE i.status = 'issued') AS issued,
           count(*) FILTER (WHERE i.status = 'draft') AS drafts,
           count(*) FILTER (WHERE i.status = 'void') AS void,
           coalesce(sum(i.total_minor) FILTER (WHERE i.status = 'issued'), 0) AS invoiced,
           coalesce(sum(i.debited_minor) FILTER (WHERE i.status = 'issued'), 0) AS debited,
           coalesce(sum(i.credited_minor) FILTER (WHERE i.status = 'issued'), 0) AS credited,
           coalesce(sum(i.settled_minor) FILTER (WHERE i.status = 'issued'), 0) AS settled,
           coalesce(sum(i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor)
                    FILTER (WHERE i.status = 'issued' AND {OPEN}), 0) AS outstanding,
           count(*) FILTER (WHERE i.status = 'issued' AND {OPEN} AND i.overdue_after < :today) AS overdue,
           coalesce(sum(coalesce(d.late, i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor))
                    FILTER (WHERE i.status = 'issued' AND {OPEN} AND i.overdue_after < :today), 0) AS overdue_amount
      FROM invoices i
      LEFT JOIN (SELECT invoice_id, sum(unpaid_minor) AS late FROM installment_dues
                  WHERE clinic_id = :clinic_id AND due_date < :today AND unpaid_minor > 0
                  GROUP BY invoice_id) d ON d.invoice_id = i.id
     WHERE i.clinic_id = :clinic_id
    """  # noqa: S608 - constants
)


async def list_procedures(
    connection: AsyncConnection, clinic_id: UUID, wanted: ProcedureFilter, after: UUID | None, most: int
) -> list[ListedProcedure]:
    """Billable procedures in the order of their ids, with the invoice that has each."""
    conditions: list[str] = []
    parameters: dict[str, Any] = {"clinic_id": clinic_id, "after": after or UUID(int=0), "most": most}
    if wanted.patient_id is not None:
        conditions.append("p.patient_id = ANY(records_of(:clinic_id, :patient_id))")
        parameters["patient_id"] = wanted.patient_id
    if wanted.appointment_id is not None:
        conditions.append("p.appointment_id = :appointment_id")
        parameters["appointment_id"] = wanted.appointment_id
    if wanted.state is not None:
        conditions.append(_PROCEDURE_STATE[wanted.state])
    rows = await connection.execute(text(_PROCEDURES.format(filters=_and(conditions))), parameters)
    return [ListedProcedure(procedure_of(row), **_LISTED.of(row)) for row in rows]


async def list_reviews(
    connection: AsyncConnection, clinic_id: UUID, wanted: ReviewFilter, after: UUID | None, most: int
) -> list[ListedReview]:
    """What waits for a person to look at it or what was looked at, the oldest first."""
    named = {
        "i.patient_id = ANY(records_of(:clinic_id, :patient_id))": wanted.patient_id,
        "r.invoice_id = :invoice_id": wanted.invoice_id,
        "r.cause = :cause": wanted.cause,
    }
    used = {condition: value for condition, value in named.items() if value is not None}
    conditions = [*used, f"r.closed_at IS {'NOT ' if wanted.closed else ''}NULL"]
    parameters: dict[str, Any] = {condition.rpartition(":")[2].rstrip(")"): value for condition, value in used.items()}
    parameters |= {"clinic_id": clinic_id, "after": after or UUID(int=0), "most": most}
    return rows_as(ListedReview, await connection.execute(text(_REVIEWS.format(filters=_and(conditions))), parameters))


async def outstanding(connection: AsyncConnection, clinic_id: UUID, today: date) -> ClinicSums:
    """A clinic's sums over its issued invoices; they may be beyond what a column holds, and so come as decimals."""
    row = (await connection.execute(_OUTSTANDING, {"clinic_id": clinic_id, "today": today})).mappings().one()
    return ClinicSums(**{name: int(figure) for name, figure in row.items()})


def _and(conditions: list[str]) -> str:
    return "".join(f" AND {condition}" for condition in conditions)
