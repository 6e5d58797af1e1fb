"""What every event is: a pydantic class that knows its CloudEvents type, its topic and the key that orders it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of an event. Unknown members are ignored, so that a producer may add some (additive change)."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, ser_json_inf_nan="null")


class Amount(Part):
    """An exact amount of money: a decimal string and its ISO 4217 currency (`MON-1`). Never a float."""

    amount: Annotated[str, Field(pattern=r"^-?\d{1,15}(\.\d{1,4})?$", examples=["86.28"])]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]


class Actor(Part):
    """Who made a change, and why (`ALL-5`): the token's subject, or the service that acted by a rule."""

    subject: Annotated[str, Field(max_length=200, examples=["clerk:7f1c"])]
    reason: Annotated[str | None, Field(max_length=500)] = None


class Event(Part):
    """The base of all events; the data of a CloudEvent in Kafka's binary mode.

    `event_type` is the `ce_type`, `topic` where it is published. The partition key is the patient, so that all that
    concerns one patient's money is in order; events without a patient are keyed by their clinic.
    """

    event_type: ClassVar[str]
    topic: ClassVar[str]

    clinic_id: UUID
    occurred_at: AwareDatetime

    @property
    def partition_key(self) -> str:
        """The Kafka key: an opaque identifier, never personal data (`ALL-6`)."""
        patient_id = getattr(self, "patient_id", None)
        return str(patient_id if patient_id is not None else self.clinic_id)


EVENTS: dict[str, type[Event]] = {}


def event(event_type: str, topic: str) -> Any:
    """Declare an event class: its CloudEvents type and its topic. A type is declared once."""

    def declare(cls: type[Event]) -> type[Event]:
        if event_type in EVENTS:
            message = f"the event type {event_type} is declared twice"
            raise ValueError(message)
        cls.event_type = event_type
        cls.topic = topic
        EVENTS[event_type] = cls
        return cls

    return declare


__all__ = ["EVENTS", "Actor", "Amount", "Event", "Part", "event"]
