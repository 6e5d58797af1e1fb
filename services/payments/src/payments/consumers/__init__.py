"""What the service listens to; a family of events is read in one file, and nowhere else.

`transactions.py` is subscribed to by nobody: a restored database is told by it what was announced (`app.py`).
"""

import contracts.adjudications
import contracts.clinics
import contracts.invoicing
import contracts.patients
import contracts.receipts
import contracts.refund_adjustments
from chassis.messaging import Subscription

from payments.consumers.clinics import on_clinic_configured
from payments.consumers.installments import INSTALLMENT_PLAN_HANDLERS
from payments.consumers.invoices import (
    on_adjudication_applied,
    on_invoice_credited,
    on_invoice_debited,
    on_invoice_estimated,
    on_invoice_issued,
    on_invoice_voided,
    on_refund_adjustment_decided,
)
from payments.consumers.patients import on_patient_forgotten, on_patient_merged
from payments.consumers.receipts import on_receipt_issued, on_receipt_voided

SUBSCRIPTIONS = (
    Subscription(contracts.clinics.TOPIC, {contracts.clinics.ClinicConfigured.event_type: on_clinic_configured}),
    Subscription(
        contracts.patients.TOPIC,
        {
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
            contracts.adjudications.AdjudicationApplied.event_type: on_adjudication_applied,
            contracts.adjudications.InvoiceEstimated.event_type: on_invoice_estimated,
            contracts.refund_adjustments.RefundAdjustmentDecided.event_type: on_refund_adjustment_decided,
            **INSTALLMENT_PLAN_HANDLERS,
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
