"""Installment plans as they are now, and what was agreed in each of their versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from chassis.database.rows import Rows
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.installment_plan import InstallmentPlan, KeptAgreement, KnownPlan
from receipts.persistence.tables import INSTALLMENT_PLANS, PLAN_AGREEMENTS

_PLAN = TypeAdapter(InstallmentPlan)

# What payments named counts from the newest version on, which was told with what remained of each installment by then.
_PLAN_ROWS = Rows(INSTALLMENT_PLANS)
_AGREEMENT_ROWS = Rows(PLAN_AGREEMENTS)
_NAMED = Rows(INSTALLMENT_PLANS, ["invoice_id", "named"])
_PUT = text(
    f"""
    INSERT INTO installment_plans AS p ({_PLAN_ROWS.names})
    SELECT DISTINCT ON (plan_id) {_PLAN_ROWS.names} FROM {_PLAN_ROWS.given()} ORDER BY plan_id, version DESC
    ON CONFLICT (plan_id) DO UPDATE
       SET version = excluded.version, live = excluded.live, details = excluded.details, named = '{{}}'
     WHERE p.version < excluded.version
    """  # noqa: S608 - constants
)
_AGREE = text(f"{_AGREEMENT_ROWS.inserting()} ON CONFLICT DO NOTHING")
_OF_INVOICES = text(
    """
    SELECT invoice_id, live, details, named FROM installment_plans
     WHERE invoice_id = ANY(CAST(:ids AS uuid[])) ORDER BY live
    """
)
_NAME = text(
    f"""
    UPDATE installment_plans p
       SET named = (SELECT jsonb_object_agg(installment_id, minor)
                      FROM (SELECT installment_id, sum(minor::bigint) AS minor
                              FROM (SELECT * FROM jsonb_each_text(p.named)
                                     UNION ALL
                                    SELECT * FROM jsonb_each_text(r.named)) AS both_ (installment_id, minor)
                             GROUP BY installment_id) AS summed)
      FROM {_NAMED.given(alias="r")}
     WHERE p.invoice_id = r.invoice_id AND p.live
    """  # noqa: S608 - constants
)
_FIND = text(
    """
    SELECT a.agreement_id, a.version, a.content, p.details
      FROM plan_agreements a LEFT JOIN installment_plans p ON p.plan_id = a.plan_id
     WHERE a.plan_id = :plan_id AND (CAST(:version AS integer) IS NULL OR a.version = :version)
     ORDER BY a.version DESC LIMIT 1
    """
)
_AGREEMENT = text(
    """
    SELECT a.agreement_id, a.version, a.content, p.details
      FROM plan_agreements a LEFT JOIN installment_plans p ON p.plan_id = a.plan_id
     WHERE a.agreement_id = :id
    """
)


def agreement_id_of(plan_id: UUID, version: int) -> UUID:
    """The document of one version of a plan."""
    return uuid5(plan_id, str(version))


async def put(connection: AsyncConnection, plans: Sequence[InstallmentPlan]) -> None:
    """Keep the highest version of each plan, in whatever order they come."""
    rows = [
        {
            "plan_id": plan.plan_id,
            "clinic_id": plan.clinic_id,
            "patient_id": plan.patient_id,
            "invoice_id": plan.invoice_id,
            "version": plan.version,
            "live": plan.end is None,
            "details": _PLAN.dump_python(plan, mode="json"),
        }
        for plan in plans
    ]
    await connection.execute(_PUT, _PLAN_ROWS.arrays(rows))


async def agree(connection: AsyncConnection, agreed: Sequence[tuple[InstallmentPlan, dict[str, Any]]]) -> None:
    """Keep what was agreed, each version once and for all."""
    rows = [
        {
            "agreement_id": agreement_id_of(plan.plan_id, plan.version),
            "clinic_id": plan.clinic_id,
            "patient_id": plan.patient_id,
            "plan_id": plan.plan_id,
            "version": plan.version,
            "content": content,
        }
        for plan, content in agreed
    ]
    await connection.execute(_AGREE, _AGREEMENT_ROWS.arrays(rows))


async def of_invoices(connection: AsyncConnection, invoice_ids: Collection[UUID]) -> dict[UUID, KnownPlan]:
    """The plan of each of these invoices that has or had one: the live one, where there is one."""
    if not invoice_ids:
        return {}
    rows = await connection.execute(_OF_INVOICES, {"ids": list(invoice_ids)})
    return {
        row.invoice_id: KnownPlan(
            _PLAN.validate_python(row.details),
            {UUID(one): minor for one, minor in row.named.items()},
        )
        for row in rows
    }


async def name(connection: AsyncConnection, changes: Mapping[UUID, Mapping[UUID, int]]) -> None:
    """Count what payments settled, or reopened, of the installments that they named: by invoice, by installment."""
    rows = [
        {"invoice_id": invoice_id, "named": {str(one): minor for one, minor in named.items()}}
        for invoice_id, named in changes.items()
    ]
    if rows:
        await connection.execute(_NAME, _NAMED.arrays(rows))


async def find(connection: AsyncConnection, plan_id: UUID, version: int | None) -> KeptAgreement | None:
    """What was agreed in a version of a plan, else in its last."""
    row = (await connection.execute(_FIND, {"plan_id": plan_id, "version": version})).one_or_none()
    return None if row is None else _agreement_of(row)


async def agreement(connection: AsyncConnection, agreement_id: UUID) -> KeptAgreement | None:
    """What was agreed, by the document's identifier."""
    row = (await connection.execute(_AGREEMENT, {"id": agreement_id})).one_or_none()
    return None if row is None else _agreement_of(row)


def _agreement_of(row: Any) -> KeptAgreement:
    details = row.details
    plan = None if details is None else _PLAN.validate_python(details)
    return KeptAgreement(row.agreement_id, row.version, row.content, plan)
