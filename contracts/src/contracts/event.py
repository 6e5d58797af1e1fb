"""What every event is: a pydantic class that knows its CloudEvents type, its topic and the key that orders it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

ClinicId = Annotated[UUID, Field(description="The clinic (tenant) that this belongs to.")]
PatientId = Annotated[UUID, Field(description="Whoever is treated; an opaque identifier of the patient register.")]
AppointmentId = Annotated[UUID, Field(description="The visit.")]
ProcedureId = Annotated[UUID, Field(description="The clinical act.")]
ProviderId = Annotated[UUID, Field(description="Who treated the patient: the dentist or the hygienist.")]
InvoiceId = Annotated[UUID, Field(description="The invoice.")]
PaymentId = Annotated[UUID, Field(description="The payment that is meant.")]
PayerId = Annotated[UUID, Field(description="The insurer or third party; an opaque identifier.")]
TreatmentPlanId = Annotated[UUID, Field(description="The treatment plan, where there is one (`INV-10`).")]
TreatmentPlanItemId = Annotated[UUID, Field(description="The planned item of that treatment plan (`INV-10`).")]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, three letters.", examples=["USD"])]
Tooth = Annotated[
    str, Field(max_length=10, description="The tooth, in the clinic's own notation (FDI, Universal).", examples=["36"])
]
Surface = Annotated[str, Field(max_length=10, description="The surfaces of the tooth.", examples=["MO"])]


class Part(BaseModel):
    """A part of an event. Unknown members are ignored, so that a producer may add some (additive change)."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, ser_json_inf_nan="null", use_attribute_docstrings=True
    )


class Amount(Part):
    """An exact amount of money: a decimal string and its ISO 4217 currency (`MON-1`). Never a float."""

    amount: Annotated[str, Field(pattern=r"^-?\d{1,15}(\.\d{1,4})?$", examples=["86.28"])]
    """With exactly the decimals that the currency has: 86.28 USD, 86 JPY, 86.280 KWD."""
    currency: CurrencyCode


class Actor(Part):
    """Who made a change, and why (`ALL-5`): the token's subject, or the service that acted by a rule."""

    subject: Annotated[str, Field(max_length=200, examples=["clerk:7f1c"])]
    """The token's subject, or `consumer:<service>` where a rule acted; opaque, never a name."""
    reason: Annotated[str | None, Field(max_length=500)] = None
    """Why, in the words of whoever made the change."""


class Event(Part):
    """The base of all events; the data of a CloudEvent in Kafka's binary mode.

    `event_type` is the `ce_type`, `topic` where it is published. The partition key is the patient, so that all that
    concerns one patient's money is in order; events without a patient are keyed by their clinic.
    """

    event_type: ClassVar[str]
    topic: ClassVar[str]

    clinic_id: ClinicId
    occurred_at: AwareDatetime
    """When it became true, with its offset; equals the header `ce_time`."""

    @property
    def partition_key(self) -> str:
        """The Kafka key: an opaque identifier, never personal data (`ALL-6`)."""
        patient_id = getattr(self, "patient_id", None)
        return str(patient_id if patient_id is not None else self.clinic_id)


EVENTS: dict[str, type[Event]] = {}

EventClass = TypeVar("EventClass", bound=type[Event])


def event(event_type: str, topic: str) -> Callable[[EventClass], EventClass]:
    """Declare an event class: its CloudEvents type and its topic. A type is declared once."""

    def declare(cls: EventClass) -> EventClass:
        if event_type in EVENTS:
            message = f"the event type {event_type} is declared twice"
            raise ValueError(message)
        cls.event_type = event_type
        cls.topic = topic
        EVENTS[event_type] = cls
        return cls

    return declare


__all__ = ["EVENTS", "Actor", "Amount", "Event", "Part", "event"]
