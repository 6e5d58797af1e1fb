"""The projection of live installment plans: each by its highest version (`PLN-5`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.installment import AnnouncedPlan, Installment

_SAVE = text(
    """
    WITH newer AS (
        INSERT INTO installment_plans AS p (plan_id, clinic_id, invoice_id, version, live)
        SELECT * FROM unnest(CAST(:plans AS uuid[]), CAST(:clinics AS uuid[]), CAST(:invoices AS uuid[]),
                             CAST(:versions AS integer[]), CAST(:live AS boolean[]))
        ON CONFLICT (clinic_id, plan_id) DO UPDATE SET version = excluded.version, live = excluded.live
         WHERE p.version < excluded.version
        RETURNING plan_id, clinic_id, invoice_id, live),
    gone AS (
        DELETE FROM installments AS i USING newer
         WHERE i.clinic_id = newer.clinic_id AND i.plan_id = newer.plan_id
           AND (NOT newer.live OR i.installment_id <> ALL (CAST(:installments AS uuid[]))))
    INSERT INTO installments (plan_id, installment_id, clinic_id, invoice_id, position, due_date, amount_minor)
    SELECT newer.plan_id, given.installment_id, newer.clinic_id, newer.invoice_id, given.position, given.due_date,
           given.amount
      FROM unnest(CAST(:of_clinics AS uuid[]), CAST(:of_plans AS uuid[]), CAST(:installments AS uuid[]),
                  CAST(:positions AS integer[]), CAST(:due_dates AS date[]), CAST(:amounts AS bigint[]))
           AS given (clinic_id, plan_id, installment_id, position, due_date, amount)
      JOIN newer ON newer.clinic_id = given.clinic_id AND newer.plan_id = given.plan_id AND newer.live
    ON CONFLICT (clinic_id, plan_id, installment_id) DO UPDATE
       SET position = excluded.position, due_date = excluded.due_date, amount_minor = excluded.amount_minor
    """
)
# A refund's part of an installment stays settled by its credit note, so the receivable alone counts (PLN-2).
_OF_INVOICES = text(
    """
    SELECT n.invoice_id, n.installment_id, n.position, n.due_date, n.amount_minor,
           coalesce((SELECT -sum(j.minor) FROM journal_entries AS j
                      WHERE j.invoice_id = n.invoice_id AND j.installment_id = n.installment_id
                        AND j.account = 'receivable'), 0)::bigint AS named_minor
      FROM installments AS n WHERE n.invoice_id = ANY (CAST(:ids AS uuid[])) ORDER BY n.invoice_id, n.position
    """
)


async def save(connection: AsyncConnection, plans: Sequence[AnnouncedPlan]) -> None:
    """Keep the highest version of each plan; of one that has ended nothing can be named."""
    latest = {(one.clinic_id, one.plan_id): one for one in sorted(plans, key=lambda one: one.version)}.values()
    parts = [(one, part) for one in latest if one.live for part in one.installments]
    await connection.execute(
        _SAVE,
        {
            "plans": [one.plan_id for one in latest],
            "clinics": [one.clinic_id for one in latest],
            "invoices": [one.invoice_id for one in latest],
            "versions": [one.version for one in latest],
            "live": [one.live for one in latest],
            "of_clinics": [one.clinic_id for one, _ in parts],
            "of_plans": [one.plan_id for one, _ in parts],
            "installments": [part.installment_id for _, part in parts],
            "positions": [part.position for _, part in parts],
            "due_dates": [part.due_date for _, part in parts],
            "amounts": [part.amount_minor for _, part in parts],
        },
    )


async def of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, list[Installment]]:
    """The installments of those of these invoices that have a live plan, in order."""
    found: dict[UUID, list[Installment]] = {}
    for row in await connection.execute(_OF_INVOICES, {"ids": list(invoice_ids)}):
        found.setdefault(row.invoice_id, []).append(
            Installment(row.installment_id, row.position, row.due_date, row.amount_minor, row.named_minor)
        )
    return found
