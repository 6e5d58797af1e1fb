"""The practice's clinical events: procedures completed and reverted, appointments closed, treatment plans accepted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.claims import (
    AppliancePlacement,
    Npi,
    OralCavityArea,
    OrthodonticMonths,
    OrthodonticMonthsLeft,
    PlaceOfService,
    PriorAuthorization,
    PriorPlacement,
    Prosthesis,
)
from contracts.event import (
    Amount,
    AppointmentId,
    Day,
    Event,
    Part,
    PatientId,
    PayerId,
    ProcedureId,
    ProviderId,
    Surface,
    Text,
    Tooth,
    TreatmentPlanId,
    TreatmentPlanItemId,
    event,
)

TOPIC = "dental.clinical.v1"

CodeSystem = Annotated[
    Text, Field(max_length=40, description="Which code table `code` is from; opaque.", examples=["SNOMED-CT"])
]
Code = Annotated[Text, Field(max_length=40, description="The procedure code; opaque.", examples=["34043003"])]
Description = Annotated[
    Text, Field(max_length=500, description="The procedure in words.", examples=["Dental consultation and report"])
]


@event("dental.procedure.completed.v1", TOPIC)
class ProcedureCompleted(Event):
    """A clinical act was completed on a patient; it may now be billed, once (`INV-1`)."""

    procedure_id: ProcedureId
    patient_id: PatientId
    appointment_id: AppointmentId | None = None
    provider_id: ProviderId | None = None
    provider_name: Annotated[Text | None, Field(max_length=200, examples=["Dr. Inés Calderón"])] = None
    """As it is to be printed on the invoice and the receipt (`RCP-2`)."""
    provider_npi: Npi | None = None
    code_system: CodeSystem
    code: Code
    description: Description
    tooth: Tooth | None = None
    surface: Surface | None = None
    oral_cavity_area: OralCavityArea | None = None
    place_of_service: PlaceOfService | None = None
    prior_authorization: PriorAuthorization | None = None
    prosthesis: Prosthesis | None = None
    prior_placement_on: PriorPlacement | None = None
    appliance_placed_on: AppliancePlacement | None = None
    orthodontic_months: OrthodonticMonths | None = None
    orthodontic_months_left: OrthodonticMonthsLeft | None = None
    date_of_service: Day
    """The day of the act, in the clinic's time zone."""
    fee: Amount | None = None
    """The fee as the clinic charges it; without one the clinic's price list decides."""
    treatment_plan_id: TreatmentPlanId | None = None
    treatment_plan_item_id: TreatmentPlanItemId | None = None


@event("dental.procedure.reverted.v1", TOPIC)
class ProcedureReverted(Event):
    """A completed procedure was taken back: it had not happened, or not like that (`INV-1`)."""

    procedure_id: ProcedureId
    patient_id: PatientId
    appointment_id: AppointmentId | None = None
    reason: Annotated[Text | None, Field(max_length=500)] = None
    """Why it was taken back."""


@event("dental.appointment.closed.v1", TOPIC)
class AppointmentClosed(Event):
    """The visit is over: no further procedure is expected; its draft may be issued (`INV-2`)."""

    appointment_id: AppointmentId
    patient_id: PatientId
    primary_payer_id: PayerId | None = None
    """The insurer that is asked first, if the patient is insured."""
    primary_payer_name: Annotated[Text | None, Field(max_length=200)] = None
    """That insurer's name, as printed on the invoice."""


class PlannedItem(Part):
    """One planned procedure of a treatment plan, with its price."""

    item_id: TreatmentPlanItemId
    code_system: CodeSystem
    code: Code
    description: Description
    tooth: Tooth | None = None
    surface: Surface | None = None
    fee: Amount
    """The price that the patient accepted."""


@event("dental.treatment_plan.accepted.v1", TOPIC)
class TreatmentPlanAccepted(Event):
    """The patient accepted a treatment plan: its items can be invoiced ahead (`INV-10`)."""

    treatment_plan_id: TreatmentPlanId
    patient_id: PatientId
    name: Annotated[Text, Field(max_length=200)]
    """What the plan is called, for example "Crown on 36"."""
    items: Annotated[tuple[PlannedItem, ...], Field(max_length=500)]
    """The planned procedures, in the plan's order."""
