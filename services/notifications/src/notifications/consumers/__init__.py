"""What the service listens to; a family of events is read in one file, and nowhere else."""

from __future__ import annotations

import contracts.adjudications
import contracts.clinics
import contracts.credit_held
import contracts.installments
import contracts.invoicing
import contracts.patients
import contracts.payments
import contracts.receipts
import contracts.refund_adjustments
from chassis.messaging import Subscription

from notifications.consumers.clinics import on_clinic_configured
from notifications.consumers.installments import (
    on_installment_due,
    on_installment_due_soon,
    on_installment_overdue,
    on_installment_plan_agreed,
    on_installment_plan_cancelled,
    on_installment_plan_changed,
)
from notifications.consumers.invoices import (
    on_adjudication_applied,
    on_invoice_credited,
    on_invoice_debited,
    on_invoice_issued,
    on_invoice_overdue,
    on_invoice_voided,
    on_refund_adjustment_decided,
)
from notifications.consumers.patients import on_patient_forgotten, on_patient_merged, on_patient_registered
from notifications.consumers.payments import (
    TAKE_BACKS,
    on_allocation_moved,
    on_allocation_released,
    on_application_cancelled,
    on_credit_applied,
    on_credit_held,
    on_credit_transferred,
    on_payment_cancelled,
    on_payment_charged_back,
    on_payment_recorded,
    on_payment_refunded,
    on_refund_cancelled,
)
from notifications.consumers.receipts import on_receipt_issued, on_receipt_voided
from notifications.consumers.webhooks import forwarding

_SUBSCRIPTIONS = (
    Subscription(
        contracts.patients.TOPIC,
        {
            contracts.patients.PatientRegistered.event_type: on_patient_registered,
            contracts.patients.PatientChanged.event_type: on_patient_registered,
            contracts.patients.PatientForgotten.event_type: on_patient_forgotten,
            contracts.patients.PatientMerged.event_type: on_patient_merged,
        },
        in_any_order=(contracts.patients.PatientForgotten.event_type, contracts.patients.PatientMerged.event_type),
    ),
    Subscription(contracts.clinics.TOPIC, {contracts.clinics.ClinicConfigured.event_type: on_clinic_configured}),
    Subscription(
        contracts.invoicing.TOPIC,
        {
            contracts.invoicing.InvoiceIssued.event_type: on_invoice_issued,
            contracts.invoicing.InvoiceCredited.event_type: on_invoice_credited,
            contracts.invoicing.InvoiceDebited.event_type: on_invoice_debited,
            contracts.invoicing.InvoiceVoided.event_type: on_invoice_voided,
            contracts.adjudications.AdjudicationApplied.event_type: on_adjudication_applied,
            contracts.refund_adjustments.RefundAdjustmentDecided.event_type: on_refund_adjustment_decided,
            contracts.installments.InstallmentPlanAgreed.event_type: on_installment_plan_agreed,
            contracts.installments.InstallmentPlanChanged.event_type: on_installment_plan_changed,
            contracts.installments.InstallmentPlanCancelled.event_type: on_installment_plan_cancelled,
            contracts.installments.InstallmentDueSoon.event_type: on_installment_due_soon,
            contracts.installments.InstallmentDue.event_type: on_installment_due,
            contracts.installments.InstallmentOverdue.event_type: on_installment_overdue,
            contracts.installments.InvoiceOverdue.event_type: on_invoice_overdue,
        },
    ),
    Subscription(
        contracts.payments.TOPIC,
        {
            contracts.payments.PaymentRecorded.event_type: on_payment_recorded,
            contracts.payments.PaymentRefunded.event_type: on_payment_refunded,
            contracts.payments.PaymentCancelled.event_type: on_payment_cancelled,
            contracts.payments.RefundCancelled.event_type: on_refund_cancelled,
            contracts.payments.PaymentChargedBack.event_type: on_payment_charged_back,
            **TAKE_BACKS,
            contracts.payments.CreditApplied.event_type: on_credit_applied,
            contracts.payments.CreditApplicationCancelled.event_type: on_application_cancelled,
            contracts.payments.CreditTransferred.event_type: on_credit_transferred,
            contracts.credit_held.CreditHeld.event_type: on_credit_held,
            contracts.payments.AllocationMoved.event_type: on_allocation_moved,
            contracts.payments.AllocationReleased.event_type: on_allocation_released,
        },
    ),
    Subscription(
        contracts.receipts.TOPIC,
        {
            contracts.receipts.ReceiptIssued.event_type: on_receipt_issued,
            contracts.receipts.ReceiptVoided.event_type: on_receipt_voided,
        },
    ),
)
SUBSCRIPTIONS = tuple(map(forwarding, _SUBSCRIPTIONS))
"""Each event is handled, and forwarded to the webhook endpoints that asked for its kind (`NOT-7`)."""
