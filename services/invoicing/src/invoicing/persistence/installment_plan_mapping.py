"""Between rows and the domain's installment plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.database.rows import Record, Rows

from invoicing.domain.installment import Installment, PlanVersion, SettlementEntry
from invoicing.domain.installment_balances import InstallmentBalance, InstallmentBalances
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.persistence.tables.installment_plans import (
    INSTALLMENT_DUES,
    INSTALLMENT_PLAN_VERSIONS,
    INSTALLMENT_PLANS,
    INSTALLMENTS,
)
from invoicing.persistence.terms import terms_json, terms_of

PLAN_ROWS = Rows(INSTALLMENT_PLANS, also=["included_minor", "ended"])
VERSION_ROWS = Rows(INSTALLMENT_PLAN_VERSIONS)
INSTALLMENT_ROWS = Rows(INSTALLMENTS)
DUE_ROWS = Rows(INSTALLMENT_DUES, without=["due_soon_on", "due_on"])


def plan_row(plan: InstallmentPlan) -> Record:
    """The row of a plan."""
    return {
        "id": plan.id,
        "clinic_id": plan.clinic_id,
        "patient_id": plan.patient_id,
        "invoice_id": plan.invoice_id,
        "currency": plan.currency,
        "agreed_on": plan.agreed_on,
        "included_minor": plan.included,
        "recorded_on": plan.recorded_on,
        "version": plan.version,
        "ended": plan.ended,
    }


def version_row(plan: InstallmentPlan, version: PlanVersion) -> Record:
    """The row of one of its versions."""
    return {
        "plan_id": plan.id,
        "version": version.number,
        "clinic_id": plan.clinic_id,
        "cause": version.cause,
        "made_at": version.at,
        "made_by": version.by,
        "reason": version.reason,
        "invoice_version": version.invoice_version,
        "note_id": version.note_id,
        "terms": terms_json(version.terms),
        "instead_of": version.instead_of,
    }


def installment_rows(plan: InstallmentPlan, version: PlanVersion) -> list[Record]:
    """The rows of a version's installments."""
    return [
        {
            "plan_id": plan.id,
            "version": version.number,
            "position": installment.position,
            "clinic_id": plan.clinic_id,
            "installment_id": installment.id,
            "kind": installment.kind,
            "due_date": installment.due_date,
            "amount_minor": installment.amount,
        }
        for installment in version.installments
    ]


def due_rows(plan: InstallmentPlan, standing: InstallmentBalances) -> list[Record]:
    """The rows of what a live plan still asks for; none of one that has ended."""
    return [
        {
            "installment_id": installment.installment.id,
            "clinic_id": plan.clinic_id,
            "plan_id": plan.id,
            "invoice_id": plan.invoice_id,
            "due_date": installment.installment.due_date,
            "unpaid_minor": installment.remaining,
            "overdue_on": _passed_over(plan, standing, installment),
        }
        for installment in standing.installments
        if not plan.ended
    ]


def plan_of(row: Any, versions: list[PlanVersion], entries: list[SettlementEntry]) -> InstallmentPlan:
    """The plan of a row, with its versions and what was settled on its invoice."""
    return InstallmentPlan(
        id=row.id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        invoice_id=row.invoice_id,
        invoice_number=row.invoice_number,
        currency=row.currency,
        agreed_on=row.agreed_on,
        included=row.included_minor,
        recorded_on=row.recorded_on,
        versions=versions,
        ended=row.ended,
        outstanding=row.outstanding,
        followed_at=row.followed_at,
        entries=entries,
        kept=row.version,
    )


def version_of(row: Any, installments: Sequence[Installment]) -> PlanVersion:
    """The version of a row and its installments, in order."""
    return PlanVersion(
        number=row.version,
        cause=row.cause,
        installments=tuple(installments),
        at=row.made_at,
        by=row.made_by,
        reason=row.reason,
        invoice_version=row.invoice_version,
        note_id=row.note_id,
        terms=terms_of(row.terms),
        instead_of=row.instead_of,
    )


def _passed_over(plan: InstallmentPlan, standing: InstallmentBalances, one: InstallmentBalance) -> date | None:
    """When it counts as said to be overdue: of days before the recording only what is due first is said (`PLN-9`)."""
    if plan.recorded_on is None or one.installment.due_date >= plan.recorded_on:
        return None
    return plan.recorded_on if one.remaining and one != standing.next else None
