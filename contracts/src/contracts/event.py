"""What every event is: a pydantic class that knows its CloudEvents type, its topic and the key that orders it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""What a practice's business is dated between (`PAY-18`): an empty date of another system (0001-01-01) is none."""
FIRST_BIRTH = date(1850, 1, 1)


def _day_of_business(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"is not between {FIRST_DAY} and {LAST_DAY}")
    return day


def _instant_of_business(instant: datetime) -> datetime:
    try:
        _day_of_business(instant.astimezone(UTC).date())
    except OverflowError:
        raise ValueError(f"is not between {FIRST_DAY} and {LAST_DAY}") from None
    return instant


def _birth(day: date) -> date:
    if not FIRST_BIRTH <= day <= LAST_DAY:
        raise ValueError(f"is not between {FIRST_BIRTH} and {LAST_DAY}")
    return day


DAY = r"^(19|20|21)\d\d-"
INSTANT = r"^((19|20|21)\d\d-|1899-12-31|2200-01-01)"
"""An instant is of a day in UTC: with its offset it may be written as the day before the first or after the last."""
BIRTHDAY = r"^(18[5-9]|19\d|20\d|21\d)\d-"
"""What schemas say of the bounds (a day's format has none): patterns of how `FIRST_DAY` to `LAST_DAY` begin."""


def _published(pattern: str) -> Any:
    """In the schema alone: here the day that it is is looked at."""
    return Field(json_schema_extra={"pattern": pattern})


Day = Annotated[date, AfterValidator(_day_of_business), _published(DAY)]
"""A day of the practice's business, from 1900 to 2199; a consumer sets aside what says another."""
Instant = Annotated[AwareDatetime, AfterValidator(_instant_of_business), _published(INSTANT)]
"""An instant of the practice's business, with its offset, from 1900 to 2199."""
BirthDay = Annotated[date, AfterValidator(_birth), _published(BIRTHDAY)]
"""A day on which somebody living can have been born."""

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
TEXT = r"^[^\x00]*$"
"""The pattern of every text that has no narrower one: no NUL, which PostgreSQL (as C) keeps in no text (`ALL-2`)."""
Text = Annotated[str, Field(pattern=TEXT)]
"""Text as anybody may have typed it, without NUL; half of a character (a lone surrogate) is no JSON in UTF-8."""
LARGEST_COUNT = 2**31 - 1
LARGEST_VERSION = 2**53 - 1
"""The largest integer that every reader of JSON takes exactly (RFC 7493, 2.2)."""
Count = Annotated[int, Field(le=LARGEST_COUNT)]
"""How many, or which place: what a column of integers keeps."""
Version = Annotated[int, Field(ge=1, le=LARGEST_VERSION)]
"""A version that another system counts, as it likes: it may be an instant in milliseconds."""
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, three letters.", examples=["USD"])]
Tooth = Annotated[
    Text, Field(max_length=10, description="The tooth, in the clinic's own notation (FDI, Universal).", examples=["36"])
]
Surface = Annotated[Text, Field(max_length=10, description="The surfaces of the tooth.", examples=["MO"])]


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

    subject: Annotated[Text, Field(max_length=200, examples=["clerk:7f1c"])]
    """The token's subject, or `consumer:<service>` where a rule acted; opaque, never a name."""
    reason: Annotated[Text | None, Field(max_length=500)] = None
    """Why, in the words of whoever made the change."""


class Event(Part):
    """The base of all events; the data of a CloudEvent in Kafka's binary mode.

    `event_type` is the `ce_type`, `topic` where it is published. The partition key is the patient, so that all that
    concerns one patient's money is in order; events without a patient are keyed by their clinic.
    """

    event_type: ClassVar[str]
    topic: ClassVar[str]

    clinic_id: ClinicId
    occurred_at: Instant
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
