"""Follow installment plans, and freeze what was agreed in each of their versions (`PLN-5`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import today
from chassis.database import Work

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import plan_agreement_as_json
from receipts.documents.content.plan_agreement import PlanAgreementContent, freeze_plan_agreement
from receipts.domain.errors import FactsMissing
from receipts.domain.installment_plan import InstallmentPlan
from receipts.domain.parties import KnownParties, Occasion
from receipts.domain.people import PatientKey
from receipts.domain.printed_invoice import PrintedInvoice
from receipts.persistence import installment_plans, invoices
from receipts.persistence.parties import parties_at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    parties: KnownParties
    invoices: Mapping[UUID, PrintedInvoice]


async def keep_installment_plans(
    work: Work, plans: Sequence[InstallmentPlan], anyway: Collection[PatientKey] = ()
) -> None:
    """Keep these versions. Raises FactsMissing, by plan, where clinic, patient or invoice has not arrived yet.

    The patients of `anyway` are waited for no longer (`ALL-11`).
    """
    known = await _known(work, plans, anyway)
    if missing := {plan.plan_id: what for plan in plans if (what := _missing(plan, known))}:
        raise FactsMissing(missing)
    # The end of a plan is no agreement: that of its last version is served as void from then on.
    agreed = [(plan, plan_agreement_as_json(_frozen(plan, known))) for plan in plans if plan.end is None]
    await installment_plans.agree(work.connection, agreed)
    await installment_plans.put(work.connection, plans, work.now)


async def _known(work: Work, plans: Sequence[InstallmentPlan], anyway: Collection[PatientKey]) -> _Known:
    return _Known(
        parties=await parties_at(work.connection, [_occasion(plan) for plan in plans], anyway),
        invoices=await invoices.facts_of(work.connection, {plan.invoice_id for plan in plans}),
    )


def _occasion(plan: InstallmentPlan) -> Occasion:
    return Occasion(plan.clinic_id, plan.patient_id, plan.decided_at)


def _missing(plan: InstallmentPlan, known: _Known) -> str | None:
    if what := known.parties.missing.get(_occasion(plan)):
        return what
    return None if plan.invoice_id in known.invoices else f"invoice {plan.invoice_id} is not known yet"


def _frozen(plan: InstallmentPlan, known: _Known) -> PlanAgreementContent:
    then = known.parties.known[_occasion(plan)]
    return freeze_plan_agreement(
        plan,
        language=choose_language(then.patient.language, then.clinic.language),
        clinic=then.clinic,
        patient=then.patient,
        invoice=known.invoices[plan.invoice_id],
        settings=then.settings,
        decided_on=today(plan.decided_at, then.clinic.time_zone),
    )
