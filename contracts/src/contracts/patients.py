"""The patient register's events: who a patient is, how to reach them, what they consented to, that they are gone."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.addresses import PostalAddress
from contracts.claims import Coverage, Gender
from contracts.event import BirthDay, Event, Part, PatientId, Text, Version, event

TOPIC = "dental.patients.v1"


class ContactPoint(Part):
    """One way to reach a patient. `consents` names the purposes that the patient allowed for it (`NOT-2`)."""

    channel: Literal["email", "sms"]
    """By which kind of message."""
    value: Annotated[Text, Field(max_length=320, examples=["amara@example.org"])]
    """The email address, or the telephone number in E.164."""
    consents: tuple[Literal["documents", "reminders"], ...] = ()
    """`documents`: receipts, invoices, cancellations. `reminders`: what is due soon, due or overdue."""


class PatientDetails(Event):
    """A patient as the register has them now, the whole of it in each event; the highest `version` is the truth."""

    patient_id: PatientId
    version: Version
    """Grows with each change of the record; equals the header `ce_sequence`."""
    given_name: Annotated[Text, Field(max_length=200, examples=["Amara"])]
    """As the patient writes it."""
    family_name: Annotated[Text, Field(max_length=200, examples=["Okafor-Núñez"])]
    """As the patient writes it."""
    birth_date: BirthDay | None = None
    """For the claim; printed on no receipt."""
    gender: Gender | None = None
    chart_number: Annotated[Text | None, Field(max_length=40, examples=["C-20417"])] = None
    """The practice's own number of the patient's chart, by which a front desk finds them."""
    language: Annotated[Text | None, Field(max_length=35, examples=["en-US"])] = None
    """BCP 47; documents and messages are in it, else in the clinic's."""
    time_zone: Annotated[Text | None, Field(max_length=64, examples=["America/New_York"])] = None
    """IANA name, for quiet hours; else the clinic's."""
    address: PostalAddress | None = None
    """Where the patient lives."""
    contact_points: Annotated[tuple[ContactPoint, ...], Field(max_length=20)] = ()
    """How to reach the patient, the preferred one first."""
    coverages: Annotated[tuple[Coverage, ...], Field(max_length=20)] = ()
    """What the patient is insured by, for the claim (`INS-2`)."""


@event("dental.patient.registered.v1", TOPIC)
class PatientRegistered(PatientDetails):
    """A patient was registered with a clinic."""


@event("dental.patient.changed.v1", TOPIC)
class PatientChanged(PatientDetails):
    """A patient's details changed: name, contact points, language, zone or consent (`NOT-2`)."""


@event("dental.patient.forgotten.v1", TOPIC)
class PatientForgotten(Event):
    """A patient is to be forgotten: what names or reaches them goes at once, but what the law has the books keep.

    It is the last word on this patient of this clinic, whatever versions of the record come later; whoever comes back
    is registered under another id.
    """

    patient_id: PatientId


@event("dental.patient.merged.v1", TOPIC)
class PatientMerged(Event):
    """Two records of a register are one patient: what is said of `merged_patient_id` is of `patient_id` (`ALL-10`).

    Nothing that was issued or booked is rewritten: account, plans, documents and messages of both are found by either.
    What still comes for the merged record is the patient's all the same. The latest `occurred_at` about a merged record
    holds, in whatever order they come. Of two that were merged into each other the one named last as `patient_id` goes
    on, and a record that is merged into itself stands by itself again.
    """

    patient_id: PatientId
    merged_patient_id: Annotated[UUID, Field(description="The record that goes on in the other; opaque, like it.")]
