"""The open drafts of appointments: one each, found or made and extended in sets (`INV-2`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Record, Rows, values_of
from chassis.identifiers import new_id
from chassis.money import Money
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.billable_procedure import BilledLine
from invoicing.domain.invoice import Invoice
from invoicing.domain.review import Review
from invoicing.persistence import mapping
from invoicing.persistence.claims import claim_of
from invoicing.persistence.mapping import INVOICE_ROWS, LINE_ROWS
from invoicing.persistence.tables.invoices import INVOICE_LINES, REVIEWS

_REVIEW_ROWS = Rows(REVIEWS, without=["closed_at", "closed_by", "closed_because"])
_OPEN = text(
    f"""
    INSERT INTO invoices ({INVOICE_ROWS.names})
    SELECT * FROM {INVOICE_ROWS.given(alias="wanted")} ORDER BY wanted.clinic_id, wanted.appointment_id
    ON CONFLICT (clinic_id, appointment_id) WHERE status = 'draft' AND origin = 'appointment' DO UPDATE
       SET next_position = invoices.next_position + excluded.next_position - 1,
           version = invoices.version + 1, changed_at = excluded.changed_at
    RETURNING id, clinic_id, appointment_id, patient_id, next_position, (xmax = 0) AS made
    """  # noqa: S608 - constants
)
_APPOINTMENTS = values_of(clinic_id=Uuid(), appointment_id=Uuid())
_ON_INVOICES = values_of(invoice_id=Uuid(), procedure_id=Uuid())
_PATIENTS = values_of(clinic_id=Uuid(), patient_id=Uuid())
_DRAFTS = f"""
    SELECT id FROM invoices
     WHERE status = 'draft' AND origin = 'appointment'
       AND (clinic_id, appointment_id) IN (SELECT * FROM {_APPOINTMENTS.unnested()})
"""  # noqa: S608 - constants
_OF_APPOINTMENTS = text(_DRAFTS)
# `_OPEN` would lock them by appointment, and others by id: two would wait in a ring.
_LOCK_OF_APPOINTMENTS = text(f"{_DRAFTS} ORDER BY id FOR UPDATE")
_TAKE_LINES = text(
    """
    WITH taken AS (
        DELETE FROM invoice_lines l USING invoices i
         WHERE i.id = l.invoice_id AND i.status = 'draft' AND l.invoice_id = ANY(CAST(:invoices AS uuid[]))
           AND l.procedure_id = ANY(CAST(:procedures AS uuid[]))
        RETURNING l.invoice_id)
    UPDATE invoices i SET version = version + 1, changed_at = :now
      FROM (SELECT DISTINCT invoice_id FROM taken) t WHERE i.id = t.invoice_id
    """
)
_BILLED = text(
    f"""
    SELECT l.*, i.currency FROM {_ON_INVOICES.given(alias="b")}
      JOIN invoice_lines l ON l.invoice_id = b.invoice_id AND l.procedure_id = b.procedure_id
      JOIN invoices i ON i.id = l.invoice_id
    """  # noqa: S608 - constants
)
_EMPTY = text(
    """
    SELECT id FROM invoices i
     WHERE id = ANY(CAST(:invoices AS uuid[])) AND status = 'draft' AND origin <> 'desk'
       AND NOT EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id)
    """
)
_STATUSES = text("SELECT id, status FROM invoices WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
_MARKED = text(
    "SELECT DISTINCT invoice_id, cause FROM reviews WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND closed_at IS NULL"
)
_MARK = text(
    f"""
    {_REVIEW_ROWS.inserting()}
    ON CONFLICT (clinic_id, invoice_id, cause, procedure_id) WHERE closed_at IS NULL DO NOTHING
    """
)
_CLOSE_MARKS = text(
    """
    UPDATE reviews SET closed_at = :now, closed_by = :by, closed_because = :reason
     WHERE invoice_id = :invoice_id AND closed_at IS NULL
       AND (CAST(:causes AS text[]) IS NULL OR cause = ANY(CAST(:causes AS text[]))) RETURNING id
    """
)
_CLOSE_PRICED = text(
    """
    UPDATE reviews SET closed_at = :now, closed_by = :by, closed_because = :reason
     WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND closed_at IS NULL AND cause = 'price_missing'
    """
)
_CLOSE_REVERSALS = text(
    f"""
    UPDATE reviews r SET closed_at = :now, closed_by = :by, closed_because = :reason
      FROM {_ON_INVOICES.given(alias="c")}
     WHERE r.invoice_id = c.invoice_id AND r.procedure_id = c.procedure_id AND r.closed_at IS NULL
       AND r.cause = 'procedure_reverted'
    """  # noqa: S608 - constants
)
_DROP_MARKS = text(
    """
    DELETE FROM reviews WHERE closed_at IS NULL AND invoice_id = ANY(CAST(:invoices AS uuid[]))
       AND procedure_id = ANY(CAST(:procedures AS uuid[]))
    """
)
_LATE = text(
    """
    SELECT i.id FROM invoices i
      JOIN closed_appointments a ON a.clinic_id = i.clinic_id AND a.appointment_id = i.appointment_id
     WHERE i.clinic_id = ANY(CAST(:clinics AS uuid[])) AND i.status = 'draft' AND i.origin = 'appointment'
       AND i.changed_at < :before AND i.id > :after
       AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.invoice_id = i.id AND r.closed_at IS NULL)
     ORDER BY i.id LIMIT :most
    """
)
_FORGET_NOTES = text(
    f"""
    UPDATE invoices SET note = NULL, version = version + 1
     WHERE id IN (SELECT i.id FROM invoices AS i
                    JOIN {_PATIENTS.given(alias="f")}
                      ON i.clinic_id = f.clinic_id AND i.patient_id = f.patient_id
                   WHERE i.status = 'draft' AND i.note IS NOT NULL ORDER BY i.id FOR UPDATE OF i)
    """  # noqa: S608 - constants
)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An appointment's draft: the line positions from `first_position` on are this transaction's."""

    id: UUID
    patient_id: UUID
    first_position: int
    made: bool


async def open_for_appointments(
    connection: AsyncConnection, wanted: Sequence[tuple[Invoice, int]], now: datetime
) -> dict[tuple[UUID, UUID], OpenDraft]:
    """Find or make the open draft of each of these appointments, with room for so many lines.

    Those that there are, are locked in the order of their ids first, as everybody locks invoices.
    """
    rows = [{**mapping.invoice_row(invoice, now), "next_position": count + 1} for invoice, count in wanted]
    counts = {(one.clinic_id, one.content.appointment_id): count for one, count in wanted if one.content.appointment_id}
    await connection.execute(_LOCK_OF_APPOINTMENTS, _APPOINTMENTS.keyed(counts))
    found = await connection.execute(_OPEN, INVOICE_ROWS.arrays(rows))
    return {
        (row.clinic_id, row.appointment_id): OpenDraft(
            row.id, row.patient_id, row.next_position - counts[row.clinic_id, row.appointment_id], row.made
        )
        for row in found
    }


async def add_lines(connection: AsyncConnection, rows: Sequence[Record]) -> None:
    """Add lines to drafts."""
    await LINE_ROWS.insert(connection, rows)


async def of_appointments(connection: AsyncConnection, keys: Iterable[tuple[UUID, UUID]]) -> list[UUID]:
    """The open drafts of these appointments (clinic, appointment)."""
    return [row.id for row in await connection.execute(_OF_APPOINTMENTS, _APPOINTMENTS.keyed(keys))]


async def lock_statuses(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The statuses of these invoices, locked in the order of their ids."""
    return {row.id: row.status for row in await connection.execute(_STATUSES, {"ids": list(set(ids))})}


async def lines_of(
    connection: AsyncConnection, billed: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], BilledLine]:
    """What these invoices bill of these procedures (invoice, procedure)."""
    rows = await connection.execute(_BILLED, _ON_INVOICES.keyed(billed)) if billed else ()
    return {
        (row.invoice_id, row.procedure_id): BilledLine(
            row.code_system,
            row.code,
            row.date_of_service,
            Money(row.unit_price_minor, row.currency),
            row.price_from,
            claim_of(row, INVOICE_LINES),
        )
        for row in rows
    }


async def take_lines(
    connection: AsyncConnection, invoice_ids: Sequence[UUID], procedure_ids: Sequence[UUID], now: datetime
) -> list[UUID]:
    """Take the lines of these procedures off drafts; returns those drafts of a policy that are left with no line."""
    parameters = {"invoices": invoice_ids, "procedures": procedure_ids, "now": now}
    await connection.execute(_TAKE_LINES, parameters)
    return [row.id for row in await connection.execute(_EMPTY, {"invoices": invoice_ids})]


async def mark_for_review(connection: AsyncConnection, reviews: Sequence[Review], now: datetime) -> None:
    """Mark invoices for review, each cause once."""
    rows = [
        {
            "id": new_id(),
            "clinic_id": review.clinic_id,
            "invoice_id": review.invoice_id,
            "procedure_id": review.procedure_id,
            "cause": review.cause,
            "noted_at": now,
        }
        for review in reviews
    ]
    if rows:
        await connection.execute(_MARK, _REVIEW_ROWS.arrays(rows))


async def marked(connection: AsyncConnection, invoice_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Those of these invoices that wait for a review, and why."""
    found: dict[UUID, set[str]] = {}
    for row in await connection.execute(_MARKED, {"ids": invoice_ids}):
        found.setdefault(row.invoice_id, set()).add(row.cause)
    return found


async def drop_marks(connection: AsyncConnection, invoice_ids: Sequence[UUID], procedure_ids: Sequence[UUID]) -> None:
    """Forget the marks of lines that are no longer there."""
    await connection.execute(_DROP_MARKS, {"invoices": invoice_ids, "procedures": procedure_ids})


async def close_marks(
    connection: AsyncConnection, invoice_id: UUID, causes: Sequence[str] | None, now: datetime, by: str, reason: str
) -> int:
    """Close the marks of an invoice, of these causes or of any; returns how many there were."""
    parameters = {"invoice_id": invoice_id, "causes": causes, "now": now, "by": by, "reason": reason}
    return len((await connection.execute(_CLOSE_MARKS, parameters)).all())


async def close_priced(
    connection: AsyncConnection, invoice_ids: Sequence[UUID], now: datetime, by: str, reason: str
) -> None:
    """Close the marks of drafts of which every line has a price by now."""
    if invoice_ids:
        parameters = {"ids": invoice_ids, "now": now, "by": by, "reason": reason}
        await connection.execute(_CLOSE_PRICED, parameters)


async def close_reversals(
    connection: AsyncConnection, of: Sequence[tuple[UUID, UUID]], now: datetime, by: str, reason: str
) -> None:
    """Close the marks that these procedures' reversals left on these invoices (invoice, procedure)."""
    if of:
        await connection.execute(_CLOSE_REVERSALS, _ON_INVOICES.keyed(of) | {"now": now, "by": by, "reason": reason})


async def late(
    connection: AsyncConnection, clinics: Sequence[UUID], before: datetime, after: UUID, most: int
) -> list[UUID]:
    """Drafts of appointments that are closed already, unchanged since `before`, with nothing to review.

    In the order of their ids, from behind `after`: one that cannot be issued is passed, and not found again at once.
    """
    parameters = {"clinics": clinics, "before": before, "after": after, "most": most}
    return [row.id for row in await connection.execute(_LATE, parameters)]


async def forget_notes(connection: AsyncConnection, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Empty the notes on drafts of these patients (clinic, patient); what is issued stays as it was issued."""
    await connection.execute(_FORGET_NOTES, _PATIENTS.keyed(who))
