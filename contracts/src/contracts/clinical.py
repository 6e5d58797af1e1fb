"""The practice's clinical events: procedures completed and reverted, appointments closed, treatment plans accepted."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Amount, Event, Part, event

TOPIC = "dental.clinical.v1"


@event("dental.procedure.completed.v1", TOPIC)
class ProcedureCompleted(Event):
    """A clinical act was completed on a patient; it may now be billed, once (`INV-1`)."""

    procedure_id: UUID
    patient_id: UUID
    appointment_id: UUID | None = None
    provider_id: UUID | None = None
    code_system: Annotated[str, Field(max_length=40, examples=["SNOMED-CT"])]
    code: Annotated[str, Field(max_length=40, examples=["34043003"])]
    description: Annotated[str, Field(max_length=500)]
    tooth: Annotated[str | None, Field(max_length=10)] = None
    surface: Annotated[str | None, Field(max_length=10)] = None
    date_of_service: date
    fee: Amount | None = None
    """The fee as the clinic charges it; without one the clinic's price list decides."""
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None


@event("dental.procedure.reverted.v1", TOPIC)
class ProcedureReverted(Event):
    """A completed procedure was taken back: it had not happened, or not like that (`INV-1`)."""

    procedure_id: UUID
    patient_id: UUID
    appointment_id: UUID | None = None
    reason: Annotated[str | None, Field(max_length=500)] = None


@event("dental.appointment.closed.v1", TOPIC)
class AppointmentClosed(Event):
    """The visit is over: no further procedure is expected; its draft may be issued (`INV-2`)."""

    appointment_id: UUID
    patient_id: UUID
    primary_payer_id: UUID | None = None
    """The insurer that is asked first, if the patient is insured."""
    primary_payer_name: Annotated[str | None, Field(max_length=200)] = None


class PlannedItem(Part):
    """One planned procedure of a treatment plan, with its price."""

    item_id: UUID
    code_system: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=40)]
    description: Annotated[str, Field(max_length=500)]
    tooth: Annotated[str | None, Field(max_length=10)] = None
    surface: Annotated[str | None, Field(max_length=10)] = None
    fee: Amount


@event("dental.treatment_plan.accepted.v1", TOPIC)
class TreatmentPlanAccepted(Event):
    """The patient accepted a treatment plan: its items can be invoiced ahead (`INV-10`)."""

    treatment_plan_id: UUID
    patient_id: UUID
    name: Annotated[str, Field(max_length=200)]
    items: Annotated[tuple[PlannedItem, ...], Field(max_length=500)]
