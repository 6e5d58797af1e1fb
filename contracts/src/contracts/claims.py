"""What a claim (X12 837D) needs beside the amounts: said of a procedure, of the patient, and of the clinic (`INS-2`).

Codes are opaque here: whoever is told of an act bills it also where a code is one that no insurer takes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contracts.addresses import PostalAddress
from contracts.event import BirthDay, Day, Event, Part, PayerId, ProviderId, Surface, Text, Tooth
from contracts.insurance import PayerSequence

PlaceOfService = Annotated[
    Text, Field(max_length=10, description="Where it was done, a CMS code (837D CLM05-1, SV303).", examples=["11"])
]
PriorAuthorization = Annotated[
    Text, Field(max_length=80, description="The insurer's authorization (837D REF*G1).", examples=["PA-55120"])
]
OralCavityArea = Annotated[
    Text, Field(max_length=20, description="Where a tooth says too little: a quadrant (837D SV304).", examples=["10"])
]
Npi = Annotated[Text, Field(max_length=20, description="National Provider Identifier (NPI).", examples=["1234567893"])]
Gender = Annotated[Text, Field(max_length=20, description="For the claim: F, M or U (837D DMG03).", examples=["F"])]


Prosthesis = Annotated[
    Literal["initial", "replacement"], Field(description="Whether a prosthesis is the first one (837D SV305).")
]
PriorPlacement = Annotated[Day, Field(description="When the prosthesis that is replaced was placed (837D DTP*441).")]
AppliancePlacement = Annotated[Day, Field(description="When the orthodontic appliance was placed (837D DTP*452).")]
OrthodonticMonths = Annotated[int, Field(ge=0, le=240, description="How long the treatment takes (837D DN101).")]
OrthodonticMonthsLeft = Annotated[int, Field(ge=0, le=240, description="How much of it remains (837D DN102).")]


class Subscriber(Part):
    """Whose contract a coverage is, where that is not the patient (837D 2010BA). Personal: in data only (`ALL-6`)."""

    given_name: Annotated[Text | None, Field(max_length=200)] = None
    """As the insurer has it (837D NM104)."""
    family_name: Annotated[Text, Field(max_length=200)]
    """As the insurer has it (837D NM103)."""
    birth_date: BirthDay | None = None
    """When the insured was born (837D DMG02)."""
    gender: Gender | None = None
    address: PostalAddress | None = None
    """Where the insured lives (837D N3, N4)."""


class Coverage(Part):
    """What a patient is insured by: one payer and whose contract it is. Personal: in data only (`ALL-6`)."""

    payer_id: PayerId
    payer_name: Annotated[Text | None, Field(max_length=200, examples=["Harbor Dental Mutual"])] = None
    """That insurer's name."""
    payer_identifier: Annotated[Text | None, Field(max_length=80, examples=["66001"])] = None
    """The insurer's electronic identifier (837D NM109 of the payer)."""
    payer_sequence: PayerSequence = "primary"
    """In which turn this payer is asked (`INS-4`)."""
    subscriber_id: Annotated[Text | None, Field(max_length=80, examples=["W1180027741"])] = None
    """By which the insurer knows the insured (837D NM109 of the subscriber)."""
    group_number: Annotated[Text | None, Field(max_length=80, examples=["GRP-4471"])] = None
    """The group or policy (837D SBR03)."""
    relationship: Annotated[Text | None, Field(max_length=40, examples=["18"])] = None
    """What the patient is to the insured (837D SBR02, PAT01): 18 self, 01 spouse, 19 child."""
    group_name: Annotated[Text | None, Field(max_length=200, examples=["Springfield Schools"])] = None
    """What the group is called (837D SBR04)."""
    filing_indicator: Annotated[Text | None, Field(max_length=10, examples=["CI"])] = None
    """What kind of insurance it is (837D SBR09)."""
    subscriber: Subscriber | None = None
    """The insured, where the patient is not; the patient's own name, birth date and address are the patient's."""


class ClaimLine(Part):
    """What a claim needs of a line, as its procedure or whoever typed the line said it (`INS-2`)."""

    provider_id: ProviderId | None = None
    provider_name: Annotated[Text | None, Field(max_length=200)] = None
    """As printed on the invoice and the receipt (`RCP-2`)."""
    provider_npi: Npi | None = None
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


class ClaimOfInvoice(Event):
    """What a claim needs of patient and clinic, as they were known when the invoice was issued (`INS-2`)."""

    billing_provider_npi: Npi | None = None
    billing_provider_name: Annotated[Text | None, Field(max_length=200)] = None
    """The clinic's legal name, else its name (837D 2010AA NM103)."""
    billing_provider_address: PostalAddress | None = None
    """Where the clinic is (837D 2010AA N3, N4)."""
    billing_provider_tax_number: Annotated[Text | None, Field(max_length=40)] = None
    """The clinic's tax number (837D REF*EI)."""
    patient_given_name: Annotated[Text | None, Field(max_length=200)] = None
    """As the register has it (837D 2010BA or 2010CA NM104)."""
    patient_family_name: Annotated[Text | None, Field(max_length=200)] = None
    """As the register has it (837D NM103)."""
    patient_address: PostalAddress | None = None
    """Where the patient lives (837D N3, N4)."""
    patient_gender: Gender | None = None
    patient_birth_date: BirthDay | None = None
    """When the patient was born (837D DMG02)."""
    coverages: Annotated[tuple[Coverage, ...], Field(max_length=20)] = ()
    """The patient's insurers in turn, those that owe nothing here too: a claim names every other one."""
