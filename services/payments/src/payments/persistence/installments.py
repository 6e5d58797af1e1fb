"""The projection of live installment plans: each by its highest version (`PLN-5`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Record, Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.installment import AnnouncedPlan, Installment
from payments.persistence.tables import INSTALLMENT_PLANS, INSTALLMENTS

_PLANS = Rows(INSTALLMENT_PLANS)
_INSTALLMENTS = Rows(INSTALLMENTS)
_SAVE = text(
    f"""
    WITH newer AS (
        {_PLANS.inserting("p_", "p")}
        ON CONFLICT (clinic_id, plan_id) DO UPDATE SET version = excluded.version, live = excluded.live
         WHERE p.version < excluded.version
        RETURNING plan_id, clinic_id, live),
    gone AS (
        DELETE FROM installments AS i USING newer
         WHERE i.clinic_id = newer.clinic_id AND i.plan_id = newer.plan_id
           AND (NOT newer.live OR i.installment_id <> ALL (CAST(:i_installment_id AS uuid[]))))
    INSERT INTO installments ({_INSTALLMENTS.names})
    SELECT given.* FROM {_INSTALLMENTS.given("i_")}
      JOIN newer ON newer.clinic_id = given.clinic_id AND newer.plan_id = given.plan_id AND newer.live
    ON CONFLICT (clinic_id, plan_id, installment_id) DO UPDATE
       SET position = excluded.position, due_date = excluded.due_date, amount_minor = excluded.amount_minor
    """  # noqa: S608 - our own texts
)
# A refund's part of an installment stays settled by its credit note, so the receivable alone counts (PLN-2).
_OF_INVOICES = Statement(
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
    latest = {(plan.clinic_id, plan.plan_id): plan for plan in sorted(plans, key=lambda plan: plan.version)}.values()
    parts = [_row(plan, part) for plan in latest if plan.live for part in plan.installments]
    rows = _PLANS.arrays([{name: getattr(plan, name) for name in _PLANS.columns} for plan in latest], "p_")
    await connection.execute(_SAVE, rows | _INSTALLMENTS.arrays(parts, "i_"))


def _row(plan: AnnouncedPlan, part: Installment) -> Record:
    return {name: getattr(part if hasattr(part, name) else plan, name) for name in _INSTALLMENTS.columns}


async def of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, list[Installment]]:
    """The installments of those of these invoices that have a live plan, in order."""
    found: dict[UUID, list[Installment]] = {}
    for row in await _OF_INVOICES.rows(connection, {"ids": list(invoice_ids)}):
        found.setdefault(row["invoice_id"], []).extend(rows_as(Installment, [row]))
    return found
