"""Installment plans: the newest version of each, and what payments named of its installments since (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from chassis.database import Work
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from notifications.domain.installment_plan import PlanFacts, PlannedInstallment
from notifications.persistence.tables import installment_plans

# What was named counts from the newest version on, which was announced with what remained of each by then.
_NAME = text(
    """
    UPDATE installment_plans p
       SET named = (SELECT jsonb_object_agg(installment_id, minor)
                      FROM (SELECT installment_id, sum(minor::bigint) AS minor
                              FROM (SELECT * FROM jsonb_each_text(p.named)
                                     UNION ALL
                                    SELECT * FROM jsonb_each_text(r.named)) AS both_ (installment_id, minor)
                             GROUP BY installment_id) AS summed)
      FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (clinic_id uuid, invoice_id uuid, named jsonb)
     WHERE p.clinic_id = r.clinic_id AND p.invoice_id = r.invoice_id AND p.live
    """
)


@dataclass(frozen=True)
class PlanState:
    """What one event says of a plan."""

    clinic_id: UUID
    plan_id: UUID
    invoice_id: UUID
    version: int
    live: bool
    installments: Sequence[PlannedInstallment]


async def note(work: Work, states: Sequence[PlanState]) -> None:
    """Keep the highest version of each plan, in whatever order they come."""
    newest: dict[tuple[UUID, UUID], PlanState] = {}
    for state in sorted(states, key=lambda one: one.version):
        newest[state.clinic_id, state.plan_id] = state
    statement = insert(installment_plans)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["clinic_id", "plan_id"],
        set_={"version": new.version, "live": new.live, "installments": new.installments, "named": {}},
        where=installment_plans.c.version < new.version,
    )
    rows = [_row(newest[key]) for key in sorted(newest)]
    await work.connection.execute(statement, rows)


async def name(work: Work, changes: Mapping[tuple[UUID, UUID], Mapping[UUID, int]]) -> None:
    """Count what payments settled, or reopened, of installments that they named: by clinic and invoice."""
    rows = [
        {
            "clinic_id": str(clinic_id),
            "invoice_id": str(invoice_id),
            "named": {str(one): minor for one, minor in named.items()},
        }
        for (clinic_id, invoice_id), named in sorted(changes.items())
    ]
    if rows:
        await work.connection.execute(_NAME, {"rows": orjson.dumps(rows).decode()})


def plan_of(version: int, live: bool, installments: Sequence[Mapping[str, Any]], named: Mapping[str, int]) -> PlanFacts:
    """A plan from its columns."""
    return PlanFacts(
        version,
        live,
        tuple(
            PlannedInstallment(UUID(one["id"]), date.fromisoformat(one["due"]), one["remaining_minor"])
            for one in installments
        ),
        {UUID(one): minor for one, minor in named.items()},
    )


def _row(state: PlanState) -> dict[str, Any]:
    return {
        "clinic_id": state.clinic_id,
        "plan_id": state.plan_id,
        "invoice_id": state.invoice_id,
        "version": state.version,
        "live": state.live,
        "installments": [
            {"id": str(one.installment_id), "due": one.due.isoformat(), "remaining_minor": one.remaining_minor}
            for one in state.installments
        ],
        "named": {},
    }
