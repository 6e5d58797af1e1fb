"""What an invoice's PDF says: the issued invoice with the patient and the clinic of that day (`INV-6`, `RCP-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from receipts.documents.content.people import Party
from receipts.domain.people import Clinic, Paper, Patient
from receipts.domain.printed_invoice import PrintedInvoice
from receipts.domain.settings import DocumentSettings, PaymentDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceContent:
    """Everything that an invoice prints."""

    clinic_id: UUID
    clinic_version: int
    language: str
    paper: Paper
    patient: Party
    invoice: PrintedInvoice
    payment: PaymentDetails | None = None
    """How it is paid (`RCP-11`); what was frozen by an older release does not say."""
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""


def freeze_invoice(
    invoice: PrintedInvoice, *, language: str, clinic: Clinic, patient: Patient, settings: DocumentSettings
) -> InvoiceContent:
    """Say what the invoice is, with the letterhead and the address of the day that its event arrived."""
    return InvoiceContent(
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        language=language,
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        patient=Party.of(patient),
        invoice=invoice,
        payment=settings.payment_details,
    )
