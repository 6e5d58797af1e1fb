"""The accepted treatment plans; an item's `invoice_id` is the one invoice that has reserved it (`INV-10`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.database.rows import Record, Rows, record_of, rows_as, values_of
from chassis.members import Members
from chassis.money import Money
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.treatment_plan import BilledItem, ListedPlan, PlanItem, TreatmentPlan
from invoicing.persistence.claims import claim_columns, claim_of
from invoicing.persistence.tables.treatment_plans import TREATMENT_PLAN_ITEMS, TREATMENT_PLANS

_PLAN_ROWS = Rows(TREATMENT_PLANS)
_ITEM_ROWS = Rows(TREATMENT_PLAN_ITEMS, without=["invoice_id", "procedure_id"])
_SAVE_PLANS = text(
    f"""
    {_PLAN_ROWS.inserting(alias="p")}
    ON CONFLICT (clinic_id, treatment_plan_id) DO UPDATE
       SET name = excluded.name, sequence = excluded.sequence, accepted_at = excluded.accepted_at
     WHERE p.sequence < excluded.sequence
    RETURNING clinic_id, treatment_plan_id
    """  # noqa: S608 - constants
)
_PLAN_KEYS = values_of(clinic_id=Uuid(), treatment_plan_id=Uuid())
_ITEM_KEYS = values_of(clinic_id=Uuid(), item_id=Uuid())
_RESERVATIONS = values_of(clinic_id=Uuid(), item_id=Uuid(), procedure_id=Uuid())
_BILLINGS = values_of(clinic_id=Uuid(), item_id=Uuid(), procedure_id=Uuid(), invoice_id=Uuid())
_DROP_ITEMS = text(
    f"""
    DELETE FROM treatment_plan_items
     WHERE (clinic_id, treatment_plan_id) IN (SELECT * FROM {_PLAN_KEYS.unnested()})
       AND invoice_id IS NULL
    """  # noqa: S608 - constants
)
_SAVE_ITEMS = text(
    f"""
    {_ITEM_ROWS.inserting(alias="i")}
    ON CONFLICT (clinic_id, item_id) DO UPDATE
       SET position = excluded.position, description = excluded.description, fee_minor = excluded.fee_minor,
           fee_currency = excluded.fee_currency
     WHERE i.invoice_id IS NULL
    """  # noqa: S608 - constants
)
_LOCK = text(
    f"""
    SELECT 1 FROM treatment_plan_items
     WHERE (clinic_id, item_id) IN (
           SELECT * FROM {_ITEM_KEYS.unnested()}
            UNION SELECT clinic_id, item_id FROM treatment_plan_items
                   WHERE procedure_id = ANY(CAST(:procedures AS uuid[]))
            UNION SELECT clinic_id, item_id FROM treatment_plan_items
                   WHERE invoice_id = ANY(CAST(:invoices AS uuid[])))
     ORDER BY clinic_id, item_id FOR UPDATE
    """  # noqa: S608 - constants
)
_COVER = text(
    f"""
    UPDATE treatment_plan_items t SET procedure_id = c.procedure_id
      FROM {_RESERVATIONS.given(alias="c")}
     WHERE t.clinic_id = c.clinic_id AND t.item_id = c.item_id AND t.invoice_id IS NOT NULL AND t.procedure_id IS NULL
    RETURNING t.clinic_id, t.procedure_id, t.invoice_id
    """  # noqa: S608 - constants
)
_BILL = text(
    f"""
    UPDATE treatment_plan_items t SET invoice_id = c.invoice_id, procedure_id = c.procedure_id
      FROM {_BILLINGS.given(alias="c")}
     WHERE t.clinic_id = c.clinic_id AND t.item_id = c.item_id AND t.invoice_id IS NULL
    """  # noqa: S608 - constants
)
_CLAIM = text(
    """
    UPDATE treatment_plan_items t SET invoice_id = :invoice_id
      FROM treatment_plans p
     WHERE t.clinic_id = :clinic_id AND t.item_id = ANY(CAST(:items AS uuid[])) AND t.invoice_id IS NULL
       AND p.clinic_id = t.clinic_id AND p.treatment_plan_id = t.treatment_plan_id
    RETURNING t.*, p.patient_id
    """
)
_ITEMS = text(
    """
    SELECT t.*, p.patient_id, i.number
      FROM treatment_plan_items t
      JOIN treatment_plans p ON p.clinic_id = t.clinic_id AND p.treatment_plan_id = t.treatment_plan_id
      LEFT JOIN invoices i ON i.id = t.invoice_id
     WHERE t.clinic_id = :clinic_id AND t.item_id = ANY(CAST(:items AS uuid[])) ORDER BY t.item_id
    """
)
_RELEASE = text(
    """
    UPDATE treatment_plan_items SET invoice_id = NULL, procedure_id = NULL
     WHERE invoice_id = ANY(CAST(:invoices AS uuid[]))
       AND (CAST(:procedures AS uuid[]) IS NULL OR procedure_id = ANY(CAST(:procedures AS uuid[])))
    """
)
_UNCOVER = text(
    "UPDATE treatment_plan_items SET procedure_id = NULL WHERE procedure_id = ANY(CAST(:procedures AS uuid[]))"
)

_PLAN = text("SELECT * FROM treatment_plans WHERE clinic_id = :clinic_id AND treatment_plan_id = :plan_id")
_PLANS = """
    SELECT p.*, i.items, i.invoiced_items, i.done_items, i.fee_minor, c.currency AS fee_currency
      FROM (SELECT * FROM treatment_plans p WHERE p.clinic_id = :clinic_id {filters}
             ORDER BY p.treatment_plan_id DESC LIMIT :most) p
      LEFT JOIN (SELECT clinic_id, settings ->> 'currency' AS currency FROM clinics) c ON c.clinic_id = p.clinic_id
      LEFT JOIN LATERAL (
            SELECT count(*) AS items, count(invoice_id) AS invoiced_items, count(procedure_id) AS done_items,
                   coalesce(sum(fee_minor) FILTER (WHERE fee_currency = c.currency), 0)::bigint AS fee_minor
              FROM treatment_plan_items t
             WHERE t.clinic_id = p.clinic_id AND t.treatment_plan_id = p.treatment_plan_id) i ON true
     ORDER BY p.treatment_plan_id DESC
"""
_ITEMS_OF = text(
    """
    SELECT t.*, p.patient_id, i.number
      FROM treatment_plan_items t
      JOIN treatment_plans p ON p.clinic_id = t.clinic_id AND p.treatment_plan_id = t.treatment_plan_id
      LEFT JOIN invoices i ON i.id = t.invoice_id
     WHERE t.clinic_id = :clinic_id AND t.treatment_plan_id = :plan_id ORDER BY t.position, t.item_id
    """
)
_INVOICES_OF = text(
    """
    SELECT invoice_id FROM invoice_lines WHERE clinic_id = :clinic_id AND treatment_plan_id = :plan_id
     UNION
    SELECT invoice_id FROM treatment_plan_items
     WHERE clinic_id = :clinic_id AND treatment_plan_id = :plan_id AND invoice_id IS NOT NULL
    """
)

ItemReservation = tuple[UUID, UUID, UUID]
"""Clinic, plan item, procedure."""

_FEES = text(
    f"""
    SELECT clinic_id, item_id, fee_minor, fee_currency FROM treatment_plan_items
     WHERE (clinic_id, item_id) IN (SELECT * FROM {_ITEM_KEYS.unnested()})
    """  # noqa: S608 - constants
)


async def save(connection: AsyncConnection, plans: Sequence[TreatmentPlan]) -> None:
    """Write plans and their items; an item that is invoiced stays as it was invoiced."""
    saved = await connection.execute(_SAVE_PLANS, _PLAN_ROWS.arrays(map(record_of, plans)))
    newer = {(row.clinic_id, row.treatment_plan_id) for row in saved}
    items = [item for plan in plans if (plan.clinic_id, plan.treatment_plan_id) in newer for item in plan.items]
    if newer:
        await connection.execute(_DROP_ITEMS, _PLAN_KEYS.keyed(newer))
    if items:
        await connection.execute(_SAVE_ITEMS, _ITEM_ROWS.arrays(map(_item_row, items)))


async def lock(
    connection: AsyncConnection,
    *,
    keys: Iterable[tuple[UUID, UUID]] = (),
    procedures: Sequence[UUID] = (),
    invoices: Sequence[UUID] = (),
) -> None:
    """Lock these items (clinic, item), those that these procedures did, and those on these invoices, in one order."""
    listed = sorted(set(keys))
    await connection.execute(
        _LOCK, _ITEM_KEYS.keyed(listed) | {"procedures": list(procedures), "invoices": list(invoices)}
    )


async def fees_of(connection: AsyncConnection, keys: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Money]:
    """What patients accepted to pay for these items (clinic, item)."""
    rows = await connection.execute(_FEES, _ITEM_KEYS.keyed(sorted(set(keys))))
    return {(row.clinic_id, row.item_id): Money(row.fee_minor, row.fee_currency) for row in rows}


async def cover(connection: AsyncConnection, reservations: Iterable[ItemReservation]) -> dict[tuple[UUID, UUID], UUID]:
    """Take these procedures as done for items that were invoiced ahead: (clinic, procedure) to the invoice."""
    wanted = list(reservations)
    if not wanted:
        return {}
    rows = await connection.execute(_COVER, _RESERVATIONS.keyed(wanted))
    return {(row.clinic_id, row.procedure_id): row.invoice_id for row in rows}


async def bill(
    connection: AsyncConnection, reservations: Sequence[ItemReservation], invoice_ids: Sequence[UUID]
) -> None:
    """Note that these items are billed by their completed procedures, so that nobody invoices them ahead."""
    if reservations:
        billed = [(*reserved, invoice_id) for reserved, invoice_id in zip(reservations, invoice_ids, strict=True)]
        await connection.execute(_BILL, _BILLINGS.keyed(billed))


async def reserve(
    connection: AsyncConnection, clinic_id: UUID, item_ids: Sequence[UUID], invoice_id: UUID
) -> list[PlanItem]:
    """Reserve items for an invoice ahead; those that were free, whoever else tries at the same time."""
    parameters = {"clinic_id": clinic_id, "items": item_ids, "invoice_id": invoice_id}
    return [_item_of(row) for row in await connection.execute(_CLAIM, parameters)]


async def find_items(
    connection: AsyncConnection, clinic_id: UUID, item_ids: Sequence[UUID]
) -> Mapping[UUID, BilledItem]:
    """These items, each with the invoice that bills it."""
    rows = await connection.execute(_ITEMS, {"clinic_id": clinic_id, "items": item_ids})
    return {row.item_id: _billed_of(row) for row in rows}


async def preview_items(connection: AsyncConnection, clinic_id: UUID, item_ids: Sequence[UUID]) -> list[PlanItem]:
    """These items, invoiced or not."""
    found = await find_items(connection, clinic_id, item_ids) if item_ids else {}
    return [billed.item for billed in found.values()]


async def release(
    connection: AsyncConnection, invoice_ids: Sequence[UUID], procedure_ids: Sequence[UUID] | None = None
) -> None:
    """Free the items of these invoices, or only those that certain procedures billed."""
    await connection.execute(_RELEASE, {"invoices": invoice_ids, "procedures": procedure_ids})


async def uncover(connection: AsyncConnection, procedure_ids: Sequence[UUID]) -> None:
    """Take it back that these procedures did items that were invoiced ahead."""
    await connection.execute(_UNCOVER, {"procedures": procedure_ids})


async def find_plan(
    connection: AsyncConnection, clinic_id: UUID, plan_id: UUID
) -> tuple[TreatmentPlan, list[BilledItem]] | None:
    """One plan, and its items in order with the invoice that bills each; None where there is none."""
    wanted = {"clinic_id": clinic_id, "plan_id": plan_id}
    row = (await connection.execute(_PLAN, wanted)).one_or_none()
    if row is None:
        return None
    billed = [_billed_of(item) for item in await connection.execute(_ITEMS_OF, wanted)]
    return TreatmentPlan(**_PLAN_MEMBERS.of(row), items=tuple(each.item for each in billed)), billed


async def list_plans(
    connection: AsyncConnection, clinic_id: UUID, patient_id: UUID | None, after: UUID | None, most: int
) -> list[ListedPlan]:
    """The clinic's accepted plans or a patient's, the newest first, each with how many items are invoiced and done."""
    given = {
        "p.patient_id = ANY(records_of(:clinic_id, :patient_id))": patient_id,
        "p.treatment_plan_id < :after": after,
    }
    used = {condition: value for condition, value in given.items() if value is not None}
    parameters = {condition.rpartition(":")[2].rstrip(")"): value for condition, value in used.items()}
    statement = text(_PLANS.format(filters="".join(f" AND {condition}" for condition in used)))
    rows = await connection.execute(statement, parameters | {"clinic_id": clinic_id, "most": most})
    return rows_as(ListedPlan, rows)


async def invoices_of(connection: AsyncConnection, clinic_id: UUID, plan_id: UUID) -> list[UUID]:
    """The invoices with a line of the plan."""
    rows = await connection.execute(_INVOICES_OF, {"clinic_id": clinic_id, "plan_id": plan_id})
    return [row.invoice_id for row in rows]


def _item_row(item: PlanItem) -> Record:
    fee = {"fee_minor": item.fee.minor, "fee_currency": item.fee.currency}
    return record_of(item, **fee) | claim_columns(item.claim, TREATMENT_PLAN_ITEMS)


_SAME = Members(TREATMENT_PLAN_ITEMS, PlanItem)
_PLAN_MEMBERS = Members(TREATMENT_PLANS, TreatmentPlan)


def _item_of(row: Any) -> PlanItem:
    fee = Money(row.fee_minor, row.fee_currency)
    claim_line = claim_of(row, TREATMENT_PLAN_ITEMS)
    return PlanItem(**_SAME.of(row), patient_id=row.patient_id, fee=fee, claim=claim_line)


def _billed_of(row: Any) -> BilledItem:
    return BilledItem(_item_of(row), row.invoice_id, row.number, row.procedure_id)
