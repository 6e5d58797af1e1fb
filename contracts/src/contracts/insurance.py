"""The insurance claims system's events: claims adjudicated, shaped like lines of an X12 835 remittance."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Amount, Event, Part, event

TOPIC = "insurance.claims.v1"


class ClaimAdjustment(Part):
    """Why a charge was not paid in full (X12 835 CAS): group CO is written off, PR is the patient's (`INS-3`)."""

    group: Literal["CO", "PR", "OA", "PI"]
    reason_code: Annotated[str, Field(max_length=5, examples=["45"])]
    amount: Amount


class AdjudicatedLine(Part):
    """The decision on one line of a claim: charge - adjustments = paid (`INS-3`)."""

    invoice_line_id: UUID
    charge: Amount
    adjustments: Annotated[tuple[ClaimAdjustment, ...], Field(max_length=99)] = ()
    paid: Amount


@event("insurance.claim.adjudicated.v1", TOPIC)
class ClaimAdjudicated(Event):
    """An insurer decided on a claim. Later decisions are further events, negative ones too, never edits (`INS-3`)."""

    claim_id: UUID
    decision_id: UUID
    patient_id: UUID
    invoice_id: UUID
    payer_id: UUID
    payer_name: Annotated[str, Field(max_length=200)]
    payer_sequence: Literal["primary", "secondary", "tertiary"] = "primary"
    remittance_reference: Annotated[str | None, Field(max_length=80)] = None
    charge: Amount
    paid: Amount
    lines: Annotated[tuple[AdjudicatedLine, ...], Field(max_length=999)]
