"""The insurance claims system's events: claims adjudicated, shaped like lines of an X12 835 remittance."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Amount, Event, InvoiceId, Part, PatientId, PayerId, Text, event

TOPIC = "insurance.claims.v1"

PayerSequence = Literal["primary", "secondary", "tertiary"]


class ClaimAdjustment(Part):
    """Why a charge was not paid in full (X12 835 CAS): group CO is written off, PR is the patient's (`INS-3`)."""

    group: Literal["CO", "PR", "OA", "PI"]
    """CO contractual obligation, PR patient responsibility, OA other, PI payer initiated."""
    reason_code: Annotated[Text, Field(max_length=5, examples=["45"])]
    """The claim adjustment reason code (CARC); opaque."""
    amount: Amount
    """What the adjustment takes off the charge; negative in a reversal."""


class AdjudicatedLine(Part):
    """The decision on one line of a claim: charge - adjustments = paid (`INS-3`)."""

    invoice_line_id: UUID
    """The line of the issued invoice that the claim asked for."""
    charge: Amount
    """What was claimed for the line."""
    adjustments: Annotated[tuple[ClaimAdjustment, ...], Field(max_length=99)] = ()
    """Why less was paid than claimed."""
    paid: Amount
    """What the insurer pays for the line."""
    allowed: Amount | None = None
    """What the insurer's fee schedule allows; without it, the charge less the adjustments of group CO."""
    doubt: Annotated[Text | None, Field(max_length=300)] = None
    """Why the claims system could not tell which line is meant, in words; `invoice_line_id` is no line then."""


@event("insurance.claim.adjudicated.v1", TOPIC)
class ClaimAdjudicated(Event):
    """An insurer decided on a claim. Later decisions are further events, negative ones too, never edits (`INS-3`)."""

    claim_id: UUID
    """The claim."""
    decision_id: UUID
    """This decision on it; a claim may have several."""
    patient_id: PatientId
    invoice_id: InvoiceId
    payer_id: PayerId
    payer_name: Annotated[Text, Field(max_length=200)]
    """The insurer's name."""
    payer_identifier: Annotated[Text | None, Field(max_length=80)] = None
    """The insurer's electronic identifier (X12 835 N104 or REF*2U): the same whatever name it goes by."""
    payer_sequence: PayerSequence = "primary"
    """Which of the patient's insurers decided (`INS-4`)."""
    remittance_reference: Annotated[Text | None, Field(max_length=80)] = None
    """The insurer's own reference, as it will stand on the transfer."""
    remittance_id: UUID | None = None
    """The remittance that told of it: the same for all its claims, and the same whenever it is read again."""
    charge: Amount
    """The sum of the lines' charges."""
    paid: Amount
    """The sum of the lines' payments."""
    put_off: Amount | None = None
    """What of a `paid` below zero its remittance does not take back, but puts off until a recovery (X12 835 PLB WO
    below zero); 0.00 where it takes back all of it. Without it, it is not known which."""
    lines: Annotated[tuple[AdjudicatedLine, ...], Field(max_length=999)]
    """One per claimed line."""
