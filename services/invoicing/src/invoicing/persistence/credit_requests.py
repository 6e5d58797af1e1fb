"""Credits that wait for a second person, and what one person has credited alone (`PAY-15`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.database.rows import Rows, record_of, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.credit_request import CreditRequest, CreditRequestFilter
from invoicing.persistence.tables.invoices import CREDIT_REQUESTS

_ROWS = Rows(CREDIT_REQUESTS)
_COLUMNS = '*, total_minor AS total, limit_minor AS "limit"'
_LOCK = text(f"SELECT {_COLUMNS} FROM credit_requests WHERE id = :id FOR UPDATE")  # noqa: S608 - our own columns
_SAVE = text(
    """
    UPDATE credit_requests SET state = :state, decided_by = :by, decided_at = :at, decision_reason = :reason,
           note_id = :note_id WHERE id = :id
    """
)
_LIST = text(
    f"""
    SELECT {_COLUMNS} FROM credit_requests
     WHERE clinic_id = :clinic_id AND (CAST(:state AS text) IS NULL OR state = :state)
       AND (CAST(:patient_id AS uuid) IS NULL OR patient_id = ANY(records_of(:clinic_id, :patient_id)))
       AND (CAST(:invoice_id AS uuid) IS NULL OR invoice_id = :invoice_id)
       AND (CAST(:id AS uuid) IS NULL OR id = :id) AND (CAST(:before AS uuid) IS NULL OR id < :before)
     ORDER BY id DESC LIMIT :most
    """  # noqa: S608 - our own columns
)
_ALONE = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended(
        'credits ' || CAST(CAST(:clinic_id AS uuid) AS text) || ' '
            || CAST(survivor_of(:clinic_id, :patient_id) AS text), 0))
    """
)
# What a rule credits, a refund's or an insurer's, no person decided; what was undone, or approved, does not count.
_CREDITED = text(
    """
    SELECT coalesce(sum(c.minor) FILTER (WHERE c.invoice_id = :invoice_id), 0)::bigint AS of_invoice,
           coalesce(sum(c.minor) FILTER (WHERE c.day = :day), 0)::bigint AS of_patient
      FROM (SELECT n.invoice_id, n.issue_date AS day, n.total_minor AS minor
              FROM invoices AS i JOIN notes AS n ON n.invoice_id = i.id
             WHERE i.clinic_id = :clinic_id AND i.patient_id = ANY(records_of(:clinic_id, :patient_id))
               AND n.side = 'credit'
               AND n.refund_id IS NULL AND n.decision_id IS NULL AND n.kind <> 'bad_debt_again'
               AND NOT EXISTS (SELECT FROM notes AS u WHERE u.undoes_id = n.id)
               AND NOT EXISTS (SELECT FROM credit_requests AS r WHERE r.note_id = n.id)
             UNION ALL
            SELECT i.id, i.voided_on, i.total_minor + i.debited_minor - i.credited_minor FROM invoices AS i
             WHERE i.clinic_id = :clinic_id AND i.patient_id = ANY(records_of(:clinic_id, :patient_id))
               AND i.status = 'void'
               AND NOT EXISTS (SELECT FROM credit_requests AS r
                                WHERE r.invoice_id = i.id AND r.kind = 'void' AND r.state = 'completed')) AS c
    """
)


async def add(connection: AsyncConnection, clinic_id: UUID, request: CreditRequest) -> None:
    """Enter a new request."""
    amounts = {"total_minor": request.total, "limit_minor": request.limit}
    await _ROWS.insert(connection, [record_of(request, clinic_id=clinic_id, **amounts)])


async def lock(connection: AsyncConnection, request_id: UUID) -> CreditRequest | None:
    """A request, locked before its invoice: one person decides at a time."""
    return next(iter(rows_as(CreditRequest, await connection.execute(_LOCK, {"id": request_id}))), None)


async def save(connection: AsyncConnection, request: CreditRequest) -> None:
    """Write the decision on a locked request."""
    values = {"id": request.id, "state": request.state, "by": request.decided_by, "at": request.decided_at}
    await connection.execute(_SAVE, values | {"reason": request.decision_reason, "note_id": request.note_id})


async def listed(
    connection: AsyncConnection, clinic_id: UUID, wanted: CreditRequestFilter, most: int
) -> Sequence[CreditRequest]:
    """Requests by filter, the latest first."""
    values = {name: getattr(wanted, name) for name in CreditRequestFilter.__dataclass_fields__}
    return rows_as(CreditRequest, await connection.execute(_LIST, values | {"clinic_id": clinic_id, "most": most}))


async def credited_alone(
    connection: AsyncConnection, clinic_id: UUID, patient_id: UUID, invoice_id: UUID, day: date
) -> tuple[int, int]:
    """What was credited without a second person: on an invoice, and to its patient on a day.

    The patient's other credits wait until the commit, so that two at once are compared together.
    """
    values = {"clinic_id": clinic_id, "patient_id": patient_id}
    await connection.execute(_ALONE, values)
    row = (await connection.execute(_CREDITED, values | {"invoice_id": invoice_id, "day": day})).one()
    return row.of_invoice, row.of_patient
