"""What the service learns from events; the only place that reads them."""

from chassis.messaging import Subscription

from contracts import clinics, installments, invoicing, patients, payments
from receipts.consumers import (
    allocation_moved,
    clinic_configured,
    installment_plan_agreed,
    installment_plan_cancelled,
    installment_plan_changed,
    invoice_credited,
    invoice_debited,
    invoice_issued,
    invoice_voided,
    patient_details,
    patient_forgotten,
    patient_merged,
    payment_cancelled,
    payment_charged_back,
    payment_recorded,
    payment_refunded,
    refund_cancelled,
)

SUBSCRIPTIONS = (
    Subscription(clinics.TOPIC, {clinics.ClinicConfigured.event_type: clinic_configured.handle}),
    Subscription(
        patients.TOPIC,
        {
            patients.PatientRegistered.event_type: patient_details.handle,
            patients.PatientChanged.event_type: patient_details.handle,
            patients.PatientForgotten.event_type: patient_forgotten.handle,
            patients.PatientMerged.event_type: patient_merged.handle,
        },
        in_any_order=(patients.PatientForgotten.event_type, patients.PatientMerged.event_type),
    ),
    Subscription(
        invoicing.TOPIC,
        {
            invoicing.InvoiceIssued.event_type: invoice_issued.handle,
            invoicing.InvoiceCredited.event_type: invoice_credited.handle,
            invoicing.InvoiceDebited.event_type: invoice_debited.handle,
            invoicing.InvoiceVoided.event_type: invoice_voided.handle,
            installments.InstallmentPlanAgreed.event_type: installment_plan_agreed.handle,
            installments.InstallmentPlanChanged.event_type: installment_plan_changed.handle,
            installments.InstallmentPlanCancelled.event_type: installment_plan_cancelled.handle,
        },
    ),
    Subscription(
        payments.TOPIC,
        {
            payments.PaymentRecorded.event_type: payment_recorded.handle,
            payments.PaymentRefunded.event_type: payment_refunded.handle,
            payments.PaymentCancelled.event_type: payment_cancelled.handle,
            payments.PaymentChargedBack.event_type: payment_charged_back.handle,
            payments.RefundCancelled.event_type: refund_cancelled.handle,
            payments.AllocationMoved.event_type: allocation_moved.handle,
        },
    ),
)
"""In the order of what builds upon what: letterheads and names, invoices, then the transactions that settle them."""
