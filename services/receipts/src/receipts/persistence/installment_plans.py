"""Installment plans as they are now and as they were, and what was agreed in each of their versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.database.rows import Rows
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.installment_plan import InstallmentPlan, KeptAgreement
from receipts.domain.plan_history import KeptVersion, PlanHistory
from receipts.domain.transaction import NamedSettlement
from receipts.persistence.people import EARLIER_KEPT
from receipts.persistence.tables import (
    INSTALLMENT_PLAN_VERSIONS,
    INSTALLMENT_PLANS,
    INSTALLMENT_SETTLEMENTS,
    PLAN_AGREEMENTS,
)

_PLAN = TypeAdapter(InstallmentPlan)
_SETTLEMENTS = TypeAdapter(list[NamedSettlement])

_PLAN_ROWS = Rows(INSTALLMENT_PLANS)
_VERSION_ROWS = Rows(INSTALLMENT_PLAN_VERSIONS)
_SETTLEMENT_ROWS = Rows(INSTALLMENT_SETTLEMENTS)
_AGREEMENT_ROWS = Rows(PLAN_AGREEMENTS)
_INVOICE_IDS = Rows(INSTALLMENT_PLANS, ["invoice_id"])
# What a release before counted in `named` is of the newest version alone, so another begins with nothing.
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
# A version that a release before kept is in `installment_plans` alone; before another replaces it, it is copied.
_KEEP_STANDING = text(
    f"""
    INSERT INTO installment_plan_versions ({_VERSION_ROWS.names})
    SELECT clinic_id, plan_id, version, invoice_id, CAST(details ->> 'decided_at' AS timestamptz), details
      FROM installment_plans WHERE plan_id = ANY(CAST(:plan_ids AS uuid[]))
    ON CONFLICT DO NOTHING
    """  # noqa: S608 - constants
)
_KEEP_VERSIONS = text(f"{_VERSION_ROWS.inserting()} ON CONFLICT DO NOTHING")
_COUNT = text(f"{_SETTLEMENT_ROWS.inserting()} ON CONFLICT DO NOTHING")
_END_VERSIONS = text(
    """
    DELETE FROM installment_plan_versions AS v
     USING (SELECT clinic_id, plan_id, max(version) AS version FROM installment_plan_versions
             WHERE plan_id = ANY(CAST(:plan_ids AS uuid[])) AND since <= :before GROUP BY clinic_id, plan_id) AS last
     WHERE v.clinic_id = last.clinic_id AND v.plan_id = last.plan_id AND v.version < last.version
    """
)
_END_SETTLEMENTS = text(
    """
    DELETE FROM installment_settlements AS s
     USING (SELECT clinic_id, invoice_id, min(since) AS since FROM installment_plan_versions
             WHERE invoice_id = ANY(CAST(:invoice_ids AS uuid[])) GROUP BY clinic_id, invoice_id) AS first
     WHERE s.clinic_id = first.clinic_id AND s.invoice_id = first.invoice_id AND s.recorded_at < first.since
    """
)
_OF_INVOICES = text(
    f"""
    SELECT i.invoice_id,
           (SELECT jsonb_agg(jsonb_build_object('plan', details, 'named', named))
              FROM (SELECT p.details, p.named FROM installment_plans AS p WHERE p.invoice_id = i.invoice_id
                     UNION ALL
                    SELECT v.details, '{{}}' FROM installment_plan_versions AS v
                     WHERE v.invoice_id = i.invoice_id
                       AND NOT EXISTS (SELECT FROM installment_plans AS p
                                        WHERE p.plan_id = v.plan_id AND p.version = v.version)) AS each_) AS versions,
           (SELECT jsonb_agg(to_jsonb(s)) FROM installment_settlements AS s
             WHERE s.invoice_id = i.invoice_id) AS settlements
      FROM {_INVOICE_IDS.given(alias="i")}
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


async def put(connection: AsyncConnection, plans: Sequence[InstallmentPlan], now: datetime) -> None:
    """Keep each version, in whatever order they come; one that another has replaced for long goes (`EARLIER_KEPT`)."""
    rows = [
        {
            "plan_id": plan.plan_id,
            "clinic_id": plan.clinic_id,
            "patient_id": plan.patient_id,
            "invoice_id": plan.invoice_id,
            "version": plan.version,
            "live": plan.end is None,
            "since": plan.decided_at,
            "details": _PLAN.dump_python(plan, mode="json"),
        }
        for plan in plans
    ]
    told = {"plan_ids": [plan.plan_id for plan in plans]}
    await connection.execute(_KEEP_STANDING, told)
    await connection.execute(_KEEP_VERSIONS, _VERSION_ROWS.arrays(rows))
    await connection.execute(_PUT, _PLAN_ROWS.arrays(rows))
    await connection.execute(_END_VERSIONS, told | {"before": now - EARLIER_KEPT})
    await connection.execute(_END_SETTLEMENTS, {"invoice_ids": [plan.invoice_id for plan in plans]})


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


async def of_invoices(connection: AsyncConnection, invoice_ids: Collection[UUID]) -> dict[UUID, PlanHistory]:
    """All that is known of the plans of each of these invoices that has or had one."""
    if not invoice_ids:
        return {}
    rows = await connection.execute(_OF_INVOICES, _INVOICE_IDS.keyed([(one,) for one in invoice_ids]))
    return {row.invoice_id: _history_of(row) for row in rows if row.versions}


def _history_of(row: Any) -> PlanHistory:
    versions = [
        KeptVersion(_PLAN.validate_python(one["plan"]), {UUID(part): minor for part, minor in one["named"].items()})
        for one in row.versions
    ]
    return PlanHistory(versions, _SETTLEMENTS.validate_python(row.settlements or []))


async def count(connection: AsyncConnection, settlements: Sequence[NamedSettlement]) -> None:
    """Count what transactions changed of the installments that they named, each once."""
    if settlements:
        rows = [{name: getattr(one, name) for name in _SETTLEMENT_ROWS.columns} for one in settlements]
        await connection.execute(_COUNT, _SETTLEMENT_ROWS.arrays(rows))


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
