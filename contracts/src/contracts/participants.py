"""Who announces and who listens: declared here, rendered into the catalogue, held true by `tests/contracts`."""

from __future__ import annotations

from contracts import (
    adjudications,
    clinical,
    clinics,
    credit_held,
    installments,
    insurance,
    invoicing,
    notifications,
    patients,
    payments,
    receipts,
    refund_adjustments,
)
from contracts.event import EVENTS, Event

ANNOUNCES = {
    clinical.TOPIC: "clinical",
    patients.TOPIC: "patient-register",
    insurance.TOPIC: "insurance-claims",
    clinics.TOPIC: "invoicing",
    invoicing.TOPIC: "invoicing",
    payments.TOPIC: "payments",
    receipts.TOPIC: "receipts",
    notifications.TOPIC: "notifications",
}
"""The one system that writes a topic."""

PRACTICE = ("clinical", "patient-register", "insurance-claims")
"""Systems of the practice that are not part of this one."""

SERVICES = ("invoicing", "payments", "receipts", "notifications")

PARTITIONS = 12
"""Of every topic: the most processes of one service that can share its work."""

LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024
"""Of an event in Kafka: producers and consumers have to be told, as their own limits are smaller."""

KEPT_FOR_EVER = (clinics.TOPIC, notifications.TOPIC)
"""Topics that are about no patient, or say nothing of one. Of the others nothing is kept for ever (`ALL-9`)."""
RETENTION_MS = 35 * 24 * 60 * 60 * 1_000
"""How long the others keep an event."""


def retention_ms(topic: str) -> int:
    """How long a topic keeps an event, in milliseconds; -1 for ever."""
    return -1 if topic in KEPT_FOR_EVER else RETENTION_MS


_PATIENT: tuple[type[Event], ...] = (
    patients.PatientRegistered,
    patients.PatientChanged,
    patients.PatientForgotten,
    patients.PatientMerged,
)

_MONEY: tuple[type[Event], ...] = (
    payments.PaymentRecorded,
    payments.PaymentRefunded,
    payments.PaymentCancelled,
    payments.RefundCancelled,
    payments.PaymentChargedBack,
)
_TAKEN_BACK: tuple[type[Event], ...] = (payments.PaymentTakenBack, payments.TakeBackCancelled)

PLANS: tuple[type[Event], ...] = (
    installments.InstallmentPlanAgreed,
    installments.InstallmentPlanChanged,
    installments.InstallmentPlanCancelled,
)
"""How an installment plan came to be as it is (`PLN-5`)."""

REMINDERS: tuple[type[Event], ...] = (
    installments.InstallmentDueSoon,
    installments.InstallmentDue,
    installments.InstallmentOverdue,
    installments.InvoiceOverdue,
)
"""What a day of the calendar calls for (`PLN-4`, `INV-9`)."""

LISTENS: dict[str, tuple[type[Event], ...]] = {
    "invoicing": (
        *_PATIENT,
        clinical.ProcedureCompleted,
        clinical.ProcedureReverted,
        clinical.AppointmentClosed,
        clinical.TreatmentPlanAccepted,
        insurance.ClaimAdjudicated,
        *_MONEY,
        payments.CreditApplied,
        payments.CreditApplicationCancelled,
        payments.CreditTransferred,
        payments.AllocationMoved,
        payments.AllocationReleased,
        *_TAKEN_BACK,
    ),
    "payments": (
        patients.PatientForgotten,
        patients.PatientMerged,
        clinics.ClinicConfigured,
        invoicing.InvoiceIssued,
        invoicing.InvoiceCredited,
        invoicing.InvoiceDebited,
        invoicing.InvoiceVoided,
        adjudications.AdjudicationApplied,
        adjudications.InvoiceEstimated,
        refund_adjustments.RefundAdjustmentDecided,
        *PLANS,
        receipts.ReceiptIssued,
        receipts.ReceiptVoided,
    ),
    "receipts": (
        *_PATIENT,
        clinics.ClinicConfigured,
        invoicing.InvoiceIssued,
        invoicing.InvoiceCredited,
        invoicing.InvoiceDebited,
        invoicing.InvoiceVoided,
        *PLANS,
        *_MONEY,
        payments.CreditApplied,
        payments.CreditApplicationCancelled,
        payments.AllocationMoved,
        payments.AllocationReleased,
        *_TAKEN_BACK,
    ),
    "notifications": (
        *_PATIENT,
        clinics.ClinicConfigured,
        invoicing.InvoiceIssued,
        invoicing.InvoiceCredited,
        invoicing.InvoiceDebited,
        invoicing.InvoiceVoided,
        adjudications.AdjudicationApplied,
        refund_adjustments.RefundAdjustmentDecided,
        *PLANS,
        *REMINDERS,
        *_MONEY,
        payments.CreditApplied,
        payments.CreditApplicationCancelled,
        payments.CreditTransferred,
        credit_held.CreditHeld,
        payments.AllocationMoved,
        payments.AllocationReleased,
        *_TAKEN_BACK,
        receipts.ReceiptIssued,
        receipts.ReceiptVoided,
    ),
}
"""What each service subscribes to; its consumer group is its name."""


def announced_by(event: type[Event]) -> str:
    """The system that announces an event."""
    return ANNOUNCES[event.topic]


def listeners_of(event: type[Event]) -> list[str]:
    """The services that listen to an event."""
    return [service for service, events in LISTENS.items() if event in events]


def events_of(topic: str) -> list[type[Event]]:
    """The events of a topic, in the order of their declaration."""
    return [event for event in EVENTS.values() if event.topic == topic]


def is_keyed_by_patient(event: type[Event]) -> bool:
    """Whether the Kafka key is the patient; else it is the clinic."""
    return "patient_id" in event.model_fields
