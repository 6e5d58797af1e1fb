"""The installment plans: found with all their versions and what was settled, saved in sets (`PLN-5`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.rows import grouped_as, rows_as, values_of
from sqlalchemy import BigInteger, Date, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import NotFound
from invoicing.domain.installment import Installment, PlanVersion, SettlementEntry
from invoicing.domain.installment_balances import InstallmentBalances
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.installment_plan_filter import PlanFilter
from invoicing.persistence.installment_plan_mapping import (
    DUE_ROWS,
    INSTALLMENT_ROWS,
    PLAN_ROWS,
    VERSION_ROWS,
    due_rows,
    installment_rows,
    plan_of,
    plan_row,
    version_of,
    version_row,
)

_FIND = text(
    """
    SELECT p.*, i.number AS invoice_number,
           CASE i.status WHEN 'issued'
                THEN greatest(0, i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor)
                ELSE 0 END AS outstanding,
           (SELECT min(v.invoice_version) FROM installment_plans q
              JOIN installment_plan_versions v ON v.plan_id = q.id AND v.version = 1
             WHERE q.invoice_id = p.invoice_id AND q.id > p.id) AS followed_at
      FROM installment_plans p JOIN invoices i ON i.id = p.invoice_id
     WHERE p.id = ANY(CAST(:ids AS uuid[])) ORDER BY p.id
    """
)
_VERSIONS = text(
    "SELECT * FROM installment_plan_versions WHERE plan_id = ANY(CAST(:ids AS uuid[])) ORDER BY plan_id, version"
)
_INSTALLMENTS = text(
    """
    SELECT plan_id, version, position, installment_id, kind, due_date, amount_minor FROM installments
     WHERE plan_id = ANY(CAST(:ids AS uuid[])) ORDER BY plan_id, version, position
    """
)
# A refund's entry and its credit note cancel each other out: what it changes is nothing (`PLN-2`), or what was not
# credited for it (`PAY-20`).
_ENTRIES = text(
    """
    SELECT invoice_id, payment_id, installment_id, change_minor + coalesce(decided_minor, credited_minor) AS change,
           invoice_version AS counted, occurred_at, transaction_id, ordinal
      FROM settlements WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND invoice_version IS NOT NULL
    """
)
_PLAN_OF = text("SELECT plan_id FROM installments WHERE installment_id = :id LIMIT 1")
_LAST_OF_INVOICE = text(
    """
    SELECT id FROM installment_plans WHERE invoice_id = :invoice_id ORDER BY ended, id DESC LIMIT 1
    """
)
_LAST_OF_INVOICES = text(
    """
    SELECT DISTINCT ON (invoice_id) id FROM installment_plans
     WHERE invoice_id = ANY(CAST(:ids AS uuid[])) ORDER BY invoice_id, id DESC
    """
)
_NEXT_DUE = values_of(id=Uuid(), due_on=Date())
_UNPAID = values_of(installment_id=Uuid(), unpaid=BigInteger())
# What was said of an installment that comes again, with the same day, is not said again (`PLN-4`).
_SAVE = text(
    f"""
    WITH heads AS (
            {PLAN_ROWS.inserting("p_")}
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, ended = excluded.ended
            RETURNING id, invoice_id, ended),
         versions AS ({VERSION_ROWS.inserting("v_")}),
         installments AS ({INSTALLMENT_ROWS.inserting("i_")}),
         gone AS (
            DELETE FROM installment_dues d USING heads h
             WHERE d.invoice_id = h.invoice_id AND d.installment_id <> ALL(CAST(:d_installment_id AS uuid[]))),
         dues AS (
            INSERT INTO installment_dues AS kept
                   (installment_id, clinic_id, plan_id, invoice_id, due_date, unpaid_minor, overdue_on, due_soon_on,
                    due_on)
            SELECT given.installment_id, given.clinic_id, given.plan_id, given.invoice_id, given.due_date,
                   given.unpaid_minor, coalesce(said.overdue_on, given.overdue_on), said.due_soon_on, said.due_on
              FROM {DUE_ROWS.given("d_")}
             CROSS JOIN LATERAL (
                   SELECT max(s.said_at) FILTER (WHERE s.step = 'due_soon')::date AS due_soon_on,
                          max(s.said_at) FILTER (WHERE s.step = 'due')::date AS due_on,
                          max(s.said_at) FILTER (WHERE s.step = 'overdue')::date AS overdue_on
                     FROM due_announcements s
                    WHERE s.invoice_id = given.invoice_id AND s.installment_id = given.installment_id
                      AND s.due_date = given.due_date) AS said
            ON CONFLICT (installment_id) DO UPDATE
               SET unpaid_minor = excluded.unpaid_minor, due_date = excluded.due_date,
                   step = CASE WHEN kept.due_date = excluded.due_date THEN kept.step ELSE 1 END,
                   due_soon_on = CASE WHEN kept.due_date = excluded.due_date THEN kept.due_soon_on
                                      ELSE excluded.due_soon_on END,
                   due_on = CASE WHEN kept.due_date = excluded.due_date THEN kept.due_on ELSE excluded.due_on END,
                   overdue_on = CASE WHEN kept.due_date = excluded.due_date THEN kept.overdue_on
                                     ELSE excluded.overdue_on END)
    UPDATE invoices i
       SET installment_plan_id = CASE WHEN h.ended THEN NULL ELSE h.id END, installment_due_on = n.due_on
      FROM heads h JOIN {_NEXT_DUE.given("n_", "n")} ON n.id = h.id
     WHERE i.id = h.invoice_id
    """  # noqa: S608 - constants
)
_KEEP_UNPAID = text(
    f"""
    WITH dues AS (
            UPDATE installment_dues d SET unpaid_minor = n.unpaid
              FROM {_UNPAID.given("u_", "n")}
             WHERE d.installment_id = n.installment_id AND d.unpaid_minor IS DISTINCT FROM n.unpaid)
    UPDATE invoices i SET installment_due_on = n.due_on
      FROM {_NEXT_DUE.given("n_", "n")}
     WHERE i.id = n.id AND i.installment_due_on IS DISTINCT FROM n.due_on
    """  # noqa: S608 - constants
)
_UNKNOWN = text(
    """
    SELECT DISTINCT plan_id, invoice_id FROM installment_dues
     WHERE clinic_id = ANY(CAST(:clinics AS uuid[])) AND unpaid_minor IS NULL LIMIT :most
    """
)
_KEPT_UNPAID = text(
    """
    SELECT d.plan_id, d.installment_id, d.unpaid_minor, i.installment_due_on
      FROM installment_dues d JOIN invoices i ON i.id = d.invoice_id WHERE d.plan_id = ANY(CAST(:ids AS uuid[]))
    """
)
_LIVE_AFTER = text(
    """
    SELECT p.id, greatest(0, i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor) AS outstanding
      FROM installment_plans p JOIN invoices i ON i.id = p.invoice_id
     WHERE NOT p.ended AND p.id > :after ORDER BY p.id LIMIT :most
    """
)
_OPEN = "i.total_minor + i.debited_minor > i.credited_minor + i.settled_minor"
_STATE: dict[str, str] = {
    "active": f"NOT p.ended AND {_OPEN}",
    "completed": f"NOT p.ended AND NOT ({_OPEN})",
    "cancelled": "p.ended",
}


async def find(connection: AsyncConnection, plan_id: UUID) -> InstallmentPlan:
    """One plan. Raises NotFound."""
    found = await find_many(connection, [plan_id])
    if not found:
        raise NotFound("installment plan", plan_id)
    return found[0]


async def find_of_invoice(connection: AsyncConnection, invoice_id: UUID) -> InstallmentPlan:
    """An invoice's live plan, else the last that it had. Raises NotFound."""
    plan_id = await connection.scalar(_LAST_OF_INVOICE, {"invoice_id": invoice_id})
    if plan_id is None:
        raise NotFound("installment plan of invoice", invoice_id)
    return await find(connection, plan_id)


async def entries_of(connection: AsyncConnection, invoice_id: UUID) -> list[SettlementEntry]:
    """What was settled on an invoice so far."""
    return rows_as(SettlementEntry, await connection.execute(_ENTRIES, {"ids": [invoice_id]}))


async def find_of_installment(connection: AsyncConnection, installment_id: UUID) -> InstallmentPlan:
    """The plan that has or had an installment. Raises NotFound."""
    plan_id = await connection.scalar(_PLAN_OF, {"id": installment_id})
    if plan_id is None:
        raise NotFound("installment", installment_id)
    return await find(connection, plan_id)


async def last_of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> list[InstallmentPlan]:
    """The plan that each of these invoices had last, if it had any; a live one is the last."""
    rows = await connection.execute(_LAST_OF_INVOICES, {"ids": sorted(set(invoice_ids))})
    found = [row.id for row in rows]
    return await find_many(connection, found) if found else []


async def find_many(connection: AsyncConnection, ids: Iterable[UUID]) -> list[InstallmentPlan]:
    """These plans with all their versions and what was settled on their invoices, in the order of their ids."""
    wanted = {"ids": sorted(set(ids))}
    rows = (await connection.execute(_FIND, wanted)).all()
    versions: dict[UUID, list[PlanVersion]] = defaultdict(list)
    of_plans = (await connection.execute(_VERSIONS, wanted)).all()
    installments: dict[tuple[UUID, int], list[Installment]] = defaultdict(list)
    for one in await connection.execute(_INSTALLMENTS, wanted):
        installments[one.plan_id, one.version].append(
            Installment(one.installment_id, one.position, one.kind, one.due_date, one.amount_minor)
        )
    for plan in of_plans:
        versions[plan.plan_id].append(version_of(plan, installments[plan.plan_id, plan.version]))
    settled = await connection.execute(_ENTRIES, {"ids": [row.invoice_id for row in rows]})
    entries = grouped_as(SettlementEntry, settled, by="invoice_id")
    return [plan_of(row, versions[row.id], entries[row.invoice_id]) for row in rows]


async def save(connection: AsyncConnection, plans: Sequence[InstallmentPlan]) -> None:
    """Add the versions that these plans got since they were found, in one round trip.

    Their invoices are locked: an invoice names its live plan, and each of its installments waits to be announced.
    """
    fresh = [(plan, version) for plan in plans for version in plan.versions if version.number > plan.kept]
    standings = [(plan, plan.standing()) for plan in plans]
    await connection.execute(
        _SAVE,
        PLAN_ROWS.arrays([plan_row(plan) for plan in plans], "p_")
        | VERSION_ROWS.arrays([version_row(*one) for one in fresh], "v_")
        | INSTALLMENT_ROWS.arrays([row for one in fresh for row in installment_rows(*one)], "i_")
        | DUE_ROWS.arrays([row for standing in standings for row in due_rows(*standing)], "d_")
        | _NEXT_DUE.keyed([(plan.id, _due_on(plan, balances)) for plan, balances in standings], "n_"),
    )


async def keep_unpaid(connection: AsyncConnection, plans: Sequence[InstallmentPlan]) -> None:
    """Write what is unpaid of each installment of these live plans, and which of them is due first."""
    standings = [(plan, plan.standing()) for plan in plans]
    installments = [installment for _, standing in standings for installment in standing.installments]
    await connection.execute(
        _KEEP_UNPAID,
        _UNPAID.keyed([(installment.installment.id, installment.remaining) for installment in installments], "u_")
        | _NEXT_DUE.keyed([(plan.invoice_id, _due_on(plan, balances)) for plan, balances in standings], "n_"),
    )


async def with_unknown_unpaid(
    connection: AsyncConnection, clinic_ids: Collection[UUID], most: int
) -> list[tuple[UUID, UUID]]:
    """Plans with installments of which what is unpaid was never written, each with its invoice."""
    rows = await connection.execute(_UNKNOWN, {"clinics": list(clinic_ids), "most": most})
    return [(row.plan_id, row.invoice_id) for row in rows]


async def kept_unpaid(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, dict[UUID | None, Any]]:
    """What is written of these plans: what is unpaid by installment, and under None which day is due first."""
    kept: dict[UUID, dict[UUID | None, Any]] = defaultdict(dict)
    for row in await connection.execute(_KEPT_UNPAID, {"ids": list(ids)}):
        kept[row.plan_id] |= {row.installment_id: row.unpaid_minor, None: row.installment_due_on}
    return kept


async def list_plans(
    connection: AsyncConnection, clinic_id: UUID, wanted: PlanFilter, after: UUID | None, most: int
) -> list[InstallmentPlan]:
    """Plans, the newest first, from below `after` on."""
    given: dict[str, Any] = {
        "p.patient_id = ANY(records_of(:clinic_id, :patient_id))": wanted.patient_id,
        "p.invoice_id = :invoice_id": wanted.invoice_id,
        "p.id < :after": after,
    }
    used = {condition: value for condition, value in given.items() if value is not None}
    conditions = ["p.clinic_id = :clinic_id", *used, *([_STATE[wanted.state]] if wanted.state else [])]
    parameters = {condition.rpartition(":")[2].rstrip(")"): value for condition, value in used.items()}
    statement = text(
        "SELECT p.id FROM installment_plans p JOIN invoices i ON i.id = p.invoice_id "  # noqa: S608 - constants
        f"WHERE {' AND '.join(conditions)} ORDER BY p.id DESC LIMIT :most"
    )
    rows = await connection.execute(statement, parameters | {"clinic_id": clinic_id, "most": most})
    found = await find_many(connection, [row.id for row in rows])
    return sorted(found, key=lambda plan: plan.id, reverse=True)


async def live_after(connection: AsyncConnection, after: UUID, most: int) -> dict[UUID, int]:
    """The next live plans in the order of their ids, each with what its invoice asks for."""
    rows = await connection.execute(_LIVE_AFTER, {"after": after, "most": most})
    return {row.id: row.outstanding for row in rows}


def _due_on(plan: InstallmentPlan, standing: InstallmentBalances) -> date | None:
    following = None if plan.ended else standing.next
    return following.installment.due_date if following else None
