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
from receipts.domain.issued_invoice import IssuedInvoice
from receipts.domain.people import Clinic, Patient, PatientKey
from receipts.domain.settings import DocumentSettings
from receipts.persistence import document_settings, installment_plans, invoices, people


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    clinics: Mapping[UUID, Clinic]
    patients: Mapping[tuple[UUID, UUID], Patient]
    invoices: Mapping[UUID, IssuedInvoice]
    settings: Mapping[UUID, DocumentSettings]


async def keep_installment_plans(
    work: Work, plans: Sequence[InstallmentPlan], anyway: Collection[PatientKey] = ()
) -> None:
    """Keep these versions. Raises FactsMissing, by plan, where clinic, patient or invoice has not arrived yet.

    The patients of `anyway` are waited for no longer (`ALL-11`).
    """
    known = await _known(work, plans, anyway)
    if missing := {one.plan_id: what for one in plans if (what := _missing(one, known))}:
        raise FactsMissing(missing)
    # The end of a plan is no agreement: that of its last version is served as void from then on.
    agreed = [(one, plan_agreement_as_json(_frozen(one, known))) for one in plans if one.end is None]
    await installment_plans.agree(work.connection, agreed)
    await installment_plans.put(work.connection, plans)


async def _known(work: Work, plans: Sequence[InstallmentPlan], anyway: Collection[PatientKey]) -> _Known:
    connection = work.connection
    clinic_ids = {one.clinic_id for one in plans}
    return _Known(
        clinics=await people.newest_clinics(connection, clinic_ids),
        patients=await people.patients_of(connection, {(one.clinic_id, one.patient_id) for one in plans}, anyway),
        invoices=await invoices.facts_of(connection, {one.invoice_id for one in plans}),
        settings=await document_settings.settings_of(connection, clinic_ids),
    )


def _missing(plan: InstallmentPlan, known: _Known) -> str | None:
    if plan.clinic_id not in known.clinics:
        return f"clinic {plan.clinic_id} is not known yet"
    if (plan.clinic_id, plan.patient_id) not in known.patients:
        return f"patient {plan.patient_id} is not known yet"
    if plan.invoice_id not in known.invoices:
        return f"invoice {plan.invoice_id} is not known yet"
    return None


def _frozen(plan: InstallmentPlan, known: _Known) -> PlanAgreementContent:
    clinic, patient = known.clinics[plan.clinic_id], known.patients[plan.clinic_id, plan.patient_id]
    return freeze_plan_agreement(
        plan,
        language=choose_language(patient.language, clinic.language),
        clinic=clinic,
        patient=patient,
        invoice=known.invoices[plan.invoice_id],
        settings=known.settings[plan.clinic_id],
        decided_on=today(plan.decided_at, clinic.time_zone),
    )
