"""What the service listens to; a family of events is read in one file, and nowhere else."""

import contracts.clinical
import contracts.insurance
import contracts.patients
import contracts.payments
from chassis.messaging import Subscription

from invoicing.consumers.clinical import (
    on_appointment_closed,
    on_procedure_completed,
    on_procedure_reverted,
    on_treatment_plan_accepted,
)
from invoicing.consumers.insurance import on_claim_adjudicated
from invoicing.consumers.patients import on_patient_details, on_patient_forgotten, on_patient_merged
from invoicing.consumers.payments import TRANSACTION_HANDLERS

SUBSCRIPTIONS = (
    Subscription(
        topic=contracts.clinical.TOPIC,
        handlers={
            "dental.procedure.completed.v1": on_procedure_completed,
            "dental.procedure.reverted.v1": on_procedure_reverted,
            "dental.appointment.closed.v1": on_appointment_closed,
            "dental.treatment_plan.accepted.v1": on_treatment_plan_accepted,
        },
    ),
    Subscription(
        topic=contracts.patients.TOPIC,
        handlers={
            "dental.patient.registered.v1": on_patient_details,
            "dental.patient.changed.v1": on_patient_details,
            "dental.patient.forgotten.v1": on_patient_forgotten,
            "dental.patient.merged.v1": on_patient_merged,
        },
        in_any_order=("dental.patient.forgotten.v1", "dental.patient.merged.v1"),
    ),
    Subscription(topic=contracts.payments.TOPIC, handlers=TRANSACTION_HANDLERS),
    Subscription(topic=contracts.insurance.TOPIC, handlers={"insurance.claim.adjudicated.v1": on_claim_adjudicated}),
)
