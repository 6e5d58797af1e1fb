"""What a claim (X12 837D) needs beside the amounts: said of a procedure, of the patient, and of the clinic (`INS-2`).

Codes are opaque here: whoever is told of an act bills it also where a code is one that no insurer takes.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.event import BirthDay, Event, Part, PayerId, ProviderId, Surface, Tooth
from contracts.insurance import PayerSequence

PlaceOfService = Annotated[
    str, Field(max_length=10, description="Where it was done, a CMS code (837D CLM05-1, SV303).", examples=["11"])
]
PriorAuthorization = Annotated[
    str, Field(max_length=80, description="The insurer's authorization (837D REF*G1).", examples=["PA-55120"])
]
OralCavityArea = Annotated[
    str, Field(max_length=20, description="Where a tooth says too little: a quadrant (837D SV304).", examples=["10"])
]
Npi = Annotated[str, Field(max_length=20, description="National Provider Identifier (NPI).", examples=["1234567893"])]
Gender = Annotated[str, Field(max_length=20, description="For the claim: F, M or U (837D DMG03).", examples=["F"])]


class Coverage(Part):
    """What a patient is insured by: one payer and whose contract it is. Personal: in data only (`ALL-6`)."""

    payer_id: PayerId
    payer_name: Annotated[str | None, Field(max_length=200, examples=["Harbor Dental Mutual"])] = None
    """That insurer's name."""
    payer_identifier: Annotated[str | None, Field(max_length=80, examples=["66001"])] = None
    """The insurer's electronic identifier (837D NM109 of the payer)."""
    payer_sequence: PayerSequence = "primary"
    """In which turn this payer is asked (`INS-4`)."""
    subscriber_id: Annotated[str | None, Field(max_length=80, examples=["W1180027741"])] = None
    """By which the insurer knows the insured (837D NM109 of the subscriber)."""
    group_number: Annotated[str | None, Field(max_length=80, examples=["GRP-4471"])] = None
    """The group or policy (837D SBR03)."""
    relationship: Annotated[str | None, Field(max_length=40, examples=["18"])] = None
    """What the patient is to the insured (837D SBR02, PAT01): 18 self, 01 spouse, 19 child."""


class ClaimLine(Part):
    """What a claim needs of a line, as its procedure or whoever typed the line said it (`INS-2`)."""

    provider_id: ProviderId | None = None
    provider_name: Annotated[str | None, Field(max_length=200)] = None
    """As printed on the invoice and the receipt (`RCP-2`)."""
    provider_npi: Npi | None = None
    tooth: Tooth | None = None
    surface: Surface | None = None
    oral_cavity_area: OralCavityArea | None = None
    place_of_service: PlaceOfService | None = None
    prior_authorization: PriorAuthorization | None = None


class ClaimOfInvoice(Event):
    """What a claim needs of patient and clinic, as they were known when the invoice was issued (`INS-2`)."""

    billing_provider_npi: Npi | None = None
    patient_gender: Gender | None = None
    patient_birth_date: BirthDay | None = None
    """When the patient was born (837D DMG02)."""
    coverages: Annotated[tuple[Coverage, ...], Field(max_length=20)] = ()
    """The patient's insurers in turn, those that owe nothing here too: a claim names every other one."""
