"""What the service listens to: one file per event, each the only reader of it."""

from __future__ import annotations

from chassis.messaging import Subscription

from contracts import adjudications, clinics, installments, invoicing, patients, payments, receipts, refund_adjustments
from notifications.consumers import (
    adjudication_applied,
    allocation_moved,
    allocation_released,
    application_cancelled,
    clinic_configured,
    credit_applied,
    installment_due,
    installment_due_soon,
    installment_overdue,
    installment_plan_agreed,
    installment_plan_cancelled,
    installment_plan_changed,
    invoice_credited,
    invoice_debited,
    invoice_issued,
    invoice_overdue,
    invoice_voided,
    patient_forgotten,
    patient_merged,
    patient_registered,
    payment_cancelled,
    payment_charged_back,
    payment_recorded,
    payment_refunded,
    payment_taken_back,
    receipt_issued,
    receipt_voided,
    refund_adjustment_decided,
    refund_cancelled,
)

SUBSCRIPTIONS = (
    Subscription(
        patients.TOPIC,
        {
            patients.PatientRegistered.event_type: patient_registered.handle,
            patients.PatientChanged.event_type: patient_registered.handle,
            patients.PatientForgotten.event_type: patient_forgotten.handle,
            patients.PatientMerged.event_type: patient_merged.handle,
        },
        in_any_order=(patients.PatientForgotten.event_type, patients.PatientMerged.event_type),
    ),
    Subscription(clinics.TOPIC, {clinics.ClinicConfigured.event_type: clinic_configured.handle}),
    Subscription(
        invoicing.TOPIC,
        {
            invoicing.InvoiceIssued.event_type: invoice_issued.handle,
            invoicing.InvoiceCredited.event_type: invoice_credited.handle,
            invoicing.InvoiceDebited.event_type: invoice_debited.handle,
            invoicing.InvoiceVoided.event_type: invoice_voided.handle,
            adjudications.AdjudicationApplied.event_type: adjudication_applied.handle,
            refund_adjustments.RefundAdjustmentDecided.event_type: refund_adjustment_decided.handle,
            installments.InstallmentPlanAgreed.event_type: installment_plan_agreed.handle,
            installments.InstallmentPlanChanged.event_type: installment_plan_changed.handle,
            installments.InstallmentPlanCancelled.event_type: installment_plan_cancelled.handle,
            installments.InstallmentDueSoon.event_type: installment_due_soon.handle,
            installments.InstallmentDue.event_type: installment_due.handle,
            installments.InstallmentOverdue.event_type: installment_overdue.handle,
            installments.InvoiceOverdue.event_type: invoice_overdue.handle,
        },
    ),
    Subscription(
        payments.TOPIC,
        {
            payments.PaymentRecorded.event_type: payment_recorded.handle,
            payments.PaymentRefunded.event_type: payment_refunded.handle,
            payments.PaymentCancelled.event_type: payment_cancelled.handle,
            payments.RefundCancelled.event_type: refund_cancelled.handle,
            payments.PaymentChargedBack.event_type: payment_charged_back.handle,
            **payment_taken_back.HANDLERS,
            payments.CreditApplied.event_type: credit_applied.handle,
            payments.CreditApplicationCancelled.event_type: application_cancelled.handle,
            payments.AllocationMoved.event_type: allocation_moved.handle,
            payments.AllocationReleased.event_type: allocation_released.handle,
        },
    ),
    Subscription(
        receipts.TOPIC,
        {
            receipts.ReceiptIssued.event_type: receipt_issued.handle,
            receipts.ReceiptVoided.event_type: receipt_voided.handle,
        },
    ),
)
