"""What the service listens to; a family of events is read in one file, and nowhere else."""

import contracts.clinics
import contracts.installments
import contracts.invoicing
import contracts.patients
import contracts.payments
from chassis.messaging import Subscription

from receipts.consumers.clinics import on_clinic_configured
from receipts.consumers.installments import (
    on_installment_plan_agreed,
    on_installment_plan_cancelled,
    on_installment_plan_changed,
)
from receipts.consumers.invoices import on_invoice_credited, on_invoice_debited, on_invoice_issued, on_invoice_voided
from receipts.consumers.patients import on_patient_details, on_patient_forgotten, on_patient_merged
from receipts.consumers.payments import (
    OTHERWISE_SETTLED,
    on_allocation_released,
    on_payment_cancelled,
    on_payment_charged_back,
    on_payment_recorded,
    on_payment_refunded,
    on_refund_cancelled,
)

SUBSCRIPTIONS = (
    Subscription(contracts.clinics.TOPIC, {contracts.clinics.ClinicConfigured.event_type: on_clinic_configured}),
    Subscription(
        contracts.patients.TOPIC,
        {
            contracts.patients.PatientRegistered.event_type: on_patient_details,
            contracts.patients.PatientChanged.event_type: on_patient_details,
            contracts.patients.PatientForgotten.event_type: on_patient_forgotten,
            contracts.patients.PatientMerged.event_type: on_patient_merged,
        },
        in_any_order=(contracts.patients.PatientForgotten.event_type, contracts.patients.PatientMerged.event_type),
    ),
    Subscription(
        contracts.invoicing.TOPIC,
        {
            contracts.invoicing.InvoiceIssued.event_type: on_invoice_issued,
            contracts.invoicing.InvoiceCredited.event_type: on_invoice_credited,
            contracts.invoicing.InvoiceDebited.event_type: on_invoice_debited,
            contracts.invoicing.InvoiceVoided.event_type: on_invoice_voided,
            contracts.installments.InstallmentPlanAgreed.event_type: on_installment_plan_agreed,
            contracts.installments.InstallmentPlanChanged.event_type: on_installment_plan_changed,
            contracts.installments.InstallmentPlanCancelled.event_type: on_installment_plan_cancelled,
        },
    ),
    Subscription(
        contracts.payments.TOPIC,
        {
            contracts.payments.PaymentRecorded.event_type: on_payment_recorded,
            contracts.payments.PaymentRefunded.event_type: on_payment_refunded,
            contracts.payments.PaymentCancelled.event_type: on_payment_cancelled,
            contracts.payments.PaymentChargedBack.event_type: on_payment_charged_back,
            contracts.payments.RefundCancelled.event_type: on_refund_cancelled,
            contracts.payments.AllocationReleased.event_type: on_allocation_released,
            **OTHERWISE_SETTLED,
        },
    ),
)
"""In the order of what builds upon what: letterheads and names, invoices, then the transactions that settle them."""
