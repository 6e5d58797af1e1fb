"""What a plan agreement says: one version of an installment plan, with the people of that day (`PLN-5`, `RCP-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money

from receipts.documents.content.people import Party
from receipts.domain.installment_plan import InstallmentPlan
from receipts.domain.people import Clinic, Paper, Patient
from receipts.domain.printed_invoice import PrintedInvoice
from receipts.domain.settings import DocumentSettings, PaymentDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgreementContent:
    """Everything that a plan agreement prints."""

    clinic_id: UUID
    clinic_version: int
    zone: str
    language: str
    paper: Paper
    patient: Party
    plan: InstallmentPlan
    decided_on: date
    invoice_date: date
    invoice_total: Money
    payment: PaymentDetails | None = None
    """How it is paid (`RCP-11`); what was frozen by an older release does not say."""
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""


def freeze_plan_agreement(
    plan: InstallmentPlan,
    *,
    language: str,
    clinic: Clinic,
    patient: Patient,
    invoice: PrintedInvoice,
    settings: DocumentSettings,
    decided_on: date,
) -> PlanAgreementContent:
    """Say what was agreed, with the letterhead and the address of the day that its event arrived."""
    return PlanAgreementContent(
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        zone=clinic.time_zone,
        language=language,
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        patient=Party.of(patient),
        plan=plan,
        decided_on=decided_on,
        invoice_date=invoice.issue_date,
        invoice_total=invoice.total,
        payment=settings.payment_details,
    )
