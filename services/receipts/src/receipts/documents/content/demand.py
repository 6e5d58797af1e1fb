"""What the demand of one installment says: what it is for, its due date, what remains of it by then (`PLN-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money

from receipts.documents.content.people import Party
from receipts.domain.installment_plan import AskedInstallment
from receipts.domain.people import Clinic, Paper, Patient
from receipts.domain.settings import DocumentSettings, PaymentDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandContent:
    """Everything that a demand prints."""

    clinic_id: UUID
    clinic_version: int
    language: str
    paper: Paper
    show_procedures: bool
    patient: Party
    made_on: date
    installment: AskedInstallment
    credit: Money | None = None
    """What the clinic holds for the patient, of which nothing is taken off (`NOT-10`); None where it is not known."""
    payment: PaymentDetails | None = None
    """How it is paid (`RCP-11`); what was frozen by an older release does not say."""
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""


def compose_demand(
    installment: AskedInstallment,
    *,
    language: str,
    clinic: Clinic,
    patient: Patient,
    settings: DocumentSettings,
    made_on: date,
    credit: Money | None = None,
) -> DemandContent:
    """Say what the installment asks for on that day, and what the patient has in credit then."""
    return DemandContent(
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        language=language,
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        show_procedures=settings.show_procedures,
        patient=Party.of(patient),
        made_on=made_on,
        installment=installment,
        credit=credit,
        payment=settings.payment_details,
    )
