"""What is to be said on the clock: installments by their next step, and invoices that have become overdue (`PLN-4`).

Each is found by an index that holds only what is still to be said, so that a run with nothing to say costs next to
nothing. What another transaction holds is passed over: the next run finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.database.rows import Record, Rows, rows_as, values_of
from chassis.identifiers import new_id
from sqlalchemy import Date, SmallInteger, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.invoice_reminder import AwaitedInstallment, DueInstallment, OverdueInvoice
from invoicing.persistence.tables.installment_plans import DUE_ANNOUNCEMENTS

# At step 4, nothing more is to be said of an installment.
_ANNOUNCEMENT_ROWS = Rows(DUE_ANNOUNCEMENTS)
_DAYS = values_of(clinic_id=Uuid(), step=SmallInteger(), until=Date())
_TODAYS = values_of(clinic_id=Uuid(), today=Date())
_MARKS = values_of(installment_id=Uuid(), step=SmallInteger(), said=Text(), day=Date())
_DUE = text(
    f"""
    SELECT d.installment_id, d.clinic_id, d.plan_id, d.due_date, d.step, d.due_soon_on, d.due_on, d.overdue_on
      FROM {_DAYS.given(alias="w")}
      JOIN installment_dues d ON d.clinic_id = w.clinic_id AND d.step = w.step AND d.due_date <= w.until AND d.step < 4
     LIMIT :most FOR UPDATE OF d SKIP LOCKED
    """  # noqa: S608 - constants
)
_MARK = text(
    f"""
    UPDATE installment_dues d
       SET step = m.step,
           due_soon_on = CASE WHEN m.said = 'due_soon' THEN m.day ELSE d.due_soon_on END,
           due_on = CASE WHEN m.said = 'due' THEN m.day ELSE d.due_on END,
           overdue_on = CASE WHEN m.said = 'overdue' THEN m.day ELSE d.overdue_on END
      FROM {_MARKS.given(alias="m")} WHERE d.installment_id = m.installment_id
    """  # noqa: S608 - constants
)
# What is at step 3 already is taken too: a run may be about to pass it over as paid, and is waited for.
_LOOK_AGAIN = text(
    """
    UPDATE installment_dues SET step = 3
     WHERE invoice_id = ANY(CAST(:invoices AS uuid[])) AND step >= 3 AND overdue_on IS NULL
    """
)
_OVERDUE = text(
    f"""
    UPDATE invoices i SET overdue_announced_on = late.today, version = i.version + 1, changed_at = :now
      FROM (SELECT o.id, w.today
              FROM {_TODAYS.given(alias="w")}
              JOIN invoices o ON o.clinic_id = w.clinic_id AND o.due_date < w.today
             WHERE o.status = 'issued' AND o.total_minor + o.debited_minor > o.credited_minor + o.settled_minor
               AND o.overdue_announced_on IS NULL AND o.installment_plan_id IS NULL
             LIMIT :most FOR UPDATE OF o SKIP LOCKED) AS late
     WHERE i.id = late.id
    RETURNING i.clinic_id, i.id AS invoice_id, i.patient_id, i.number, i.currency, i.due_date,
              i.overdue_announced_on AS "on", i.version, i.total_minor AS total,
              i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor AS outstanding
    """  # noqa: S608 - constants
)


async def due(
    connection: AsyncConnection, days: Mapping[UUID, date], days_ahead: Mapping[UUID, int], most: int
) -> list[AwaitedInstallment]:
    """Locks and returns installments of these clinics of which something may be said, by each clinic's own day."""
    wanted = [
        (clinic_id, step, until)
        for clinic_id, today in days.items()
        for step, until in (
            (1, today + timedelta(days=days_ahead[clinic_id])),
            (2, today),
            (3, today - timedelta(days=1)),
        )
    ]
    return rows_as(AwaitedInstallment, await connection.execute(_DUE, _DAYS.keyed(wanted) | {"most": most}))


async def mark(connection: AsyncConnection, marks: Sequence[tuple[UUID, int, str | None, date]]) -> None:
    """Write of each installment which step comes next, what was said now, if anything, and on which day."""
    await connection.execute(_MARK, _MARKS.keyed(marks))


async def look_again(connection: AsyncConnection, invoice_ids: Sequence[UUID]) -> None:
    """Money left these invoices: an installment that was paid when its day passed may be overdue after all."""
    await connection.execute(_LOOK_AGAIN, {"invoices": invoice_ids})


async def take_overdue(
    connection: AsyncConnection, days: Mapping[UUID, date], now: datetime, most: int
) -> list[OverdueInvoice]:
    """Mark invoices of these clinics that have become overdue, and return them; each once, for ever."""
    parameters = _TODAYS.keyed(days.items()) | {"now": now, "most": most}
    return rows_as(OverdueInvoice, await connection.execute(_OVERDUE, parameters))


async def keep_said(
    connection: AsyncConnection, said: Sequence[DueInstallment | OverdueInvoice], now: datetime
) -> None:
    """Keep when each of these was announced, and what was unpaid of it then: steps of its invoice's story."""
    await _ANNOUNCEMENT_ROWS.insert(connection, [_row(one, now) for one in said])


def _row(one: DueInstallment | OverdueInvoice, now: datetime) -> Record:
    said = {"id": new_id(), "clinic_id": one.clinic_id, "invoice_id": one.invoice_id, "said_at": now}
    if isinstance(one, OverdueInvoice):
        of_plan = dict.fromkeys(("plan_id", "installment_id", "position"))
        return said | of_plan | {"step": "overdue", "due_date": one.due_date, "unpaid_minor": one.outstanding}
    about = one.standing.installment
    return said | {
        "step": one.step,
        "due_date": about.due_date,
        "unpaid_minor": one.standing.remaining,
        "plan_id": one.plan_id,
        "installment_id": about.id,
        "position": about.position,
    }
