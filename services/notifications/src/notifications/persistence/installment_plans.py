"""Installment plans: the newest version of each, and what payments named of its installments since (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Record, Rows
from pydantic import TypeAdapter
from sqlalchemy import text

from notifications.domain.installment_plan import PlanFacts, PlanVersion
from notifications.persistence.tables import INSTALLMENT_PLANS

_PLAN = TypeAdapter(PlanFacts)
_ROWS = Rows(INSTALLMENT_PLANS, also=["named"])
_NAMED = Rows(INSTALLMENT_PLANS, ["clinic_id", "invoice_id", "named"])
_KEEP_NEWEST = text(_ROWS.keeping_newest())
# What was named counts from the newest version on, which was announced with what remained of each by then.
_ADD_NAMED = text(
    f"""
    UPDATE installment_plans p
       SET named = (SELECT jsonb_object_agg(installment_id, minor)
                      FROM (SELECT installment_id, sum(minor::bigint) AS minor
                              FROM (SELECT * FROM jsonb_each_text(p.named)
                                     UNION ALL
                                    SELECT * FROM jsonb_each_text(r.named)) AS both_ (installment_id, minor)
                             GROUP BY installment_id) AS summed)
      FROM {_NAMED.given(alias="r")}
     WHERE p.clinic_id = r.clinic_id AND p.invoice_id = r.invoice_id AND p.live
    """  # noqa: S608 - constants
)


async def keep_newest(work: Work, plans: Sequence[PlanVersion]) -> None:
    """Keep the highest version of each plan, in whatever order they come."""
    rows = [
        {
            "clinic_id": plan.clinic_id,
            "plan_id": plan.plan_id,
            "invoice_id": plan.invoice_id,
            "version": plan.version,
            "live": plan.live,
            "installments": [
                {"id": part.installment_id, "due": part.due, "remaining_minor": part.remaining_minor}
                for part in plan.installments
            ],
            "named": {},
        }
        for plan in plans
    ]
    await work.connection.execute(_KEEP_NEWEST, _ROWS.arrays(rows))


async def add_named(work: Work, changes: Mapping[tuple[UUID, UUID], Mapping[UUID, int]]) -> None:
    """Count what payments settled, or reopened, of installments that they named: by clinic and invoice."""
    rows = [
        {
            "clinic_id": clinic_id,
            "invoice_id": invoice_id,
            "named": {str(installment_id): minor for installment_id, minor in named.items()},
        }
        for (clinic_id, invoice_id), named in sorted(changes.items())
    ]
    if rows:
        await work.connection.execute(_ADD_NAMED, _NAMED.arrays(rows))


def plan_of(record: Record) -> PlanFacts:
    """A plan from its row."""
    installments: list[dict[str, Any]] = [{**part, "installment_id": part["id"]} for part in record["installments"]]
    return _PLAN.validate_python({**record, "installments": installments})
