"""What invoicing made of insurers' decisions: applied to an invoice, or set aside with the reason (`INS-3`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Amount, Event, InvoiceId, Part, PatientId, PayerId, Text, event
from contracts.insurance import PayerSequence
from contracts.invoicing import TOPIC, InvoiceNumber

ReviewCause = Literal["write_off_capped", "decided_beyond_fee", "decided_after_void"]


class Shares(Part):
    """Who has which part of a charge by all decisions so far.

    paid + written off + patient part + undecided = the fee, to the cent; what insurers decided to pay beyond it is
    `overpaid` (`INS-4`).
    """

    paid: Amount
    """What insurers decided to pay, as far as the fee has room for it. A decision, never a payment (`INS-1`)."""
    written_off: Amount
    """What contracts take off: by credit notes, as far as anything was left to credit."""
    patient_part: Amount
    """The patient's part, as the last payer in turn left it."""
    undecided: Amount
    """What no decision has given to anybody: it stays with the insurers, and is never silently the patient's."""
    overpaid: Amount
    """What insurers decided to pay beyond the fee: it becomes credit of whoever paid it."""


class InsurerShare(Part):
    """What one insurer decided to pay of an invoice, by all its decisions."""

    payer_id: PayerId
    payer_name: Annotated[Text, Field(max_length=200)]
    """The insurer's name."""
    payer_sequence: PayerSequence
    """In which turn it decided; the first one, where it decided in several."""
    paid: Amount
    """What it decided to pay, as far as the fee has room for it after those before it (`INS-4`)."""


class LineShares(Shares):
    """The same of one line."""

    invoice_line_id: UUID
    """The line of the issued invoice."""
    fee: Amount
    """What the line asks for."""


@event("billing.adjudication.applied.v1", TOPIC)
class AdjudicationApplied(Event):
    """An insurer's decision was accepted and counts: what it added, and what all decisions come to now (`INS-3`).

    A negative decision has negative amounts. What it wrote off is a credit note (a debit note where it was undone) with
    the same `decision_id`, announced before this.
    """

    decision_id: UUID
    """The decision."""
    claim_id: UUID
    """The claim."""
    invoice_id: InvoiceId
    invoice_number: InvoiceNumber
    patient_id: PatientId
    payer_id: PayerId
    payer_name: Annotated[Text, Field(max_length=200)]
    """The insurer's name."""
    payer_sequence: PayerSequence
    """In which turn the payer decided (`INS-4`)."""
    remittance_reference: Annotated[Text | None, Field(max_length=80)] = None
    """The insurer's own reference, as it will stand on the transfer."""
    charge: Amount
    """What was claimed, by this decision."""
    paid: Amount
    """What the insurer pays, by this decision."""
    contractual: Amount
    """Its adjustments of group CO."""
    patient_responsibility: Amount
    """Its adjustments of group PR."""
    other: Amount
    """Its adjustments of groups OA and PI: left with the insurers."""
    written_off: Amount
    """By how much the invoice asks for less because of this decision; negative where a write-off was undone."""
    shares: Shares
    """What all decisions on the invoice come to."""
    insurers: Annotated[tuple[InsurerShare, ...] | None, Field(max_length=60)] = None
    """Whose decisions `shares.paid` is made of, in turn, those that stand and pay nothing too; it is their sum."""
    estimated: Amount | None = None
    """What insurers are estimated to take (to pay, and to have written off) of the lines that none has decided on.

    Where some have decided on a line: what those that have not are estimated to take of the patient's part so far.
    """
    estimated_write_off: Amount | None = None
    """What of `estimated` they are estimated to have written off, not to pay: no money comes of it."""
    lines: Annotated[tuple[LineShares, ...], Field(max_length=999)]
    """The lines that this decision is about, as all decisions have them now."""
    review: tuple[ReviewCause, ...] = ()
    """Why a person is to look at the invoice, if so."""


@event("billing.invoice.estimated.v1", TOPIC)
class InvoiceEstimated(Event):
    """What insurers that have not decided are estimated to take of an issued invoice, as of its version (`INS-1`).

    `billing.invoice.issued` says it by insurer, and `billing.adjudication.applied` with each decision. It is said once
    of open invoices from before a release whose services keep it.
    """

    invoice_id: InvoiceId
    invoice_number: InvoiceNumber
    patient_id: PatientId
    estimated: Amount
    """What they are estimated to take, to pay and to have written off; as `billing.adjudication.applied` has it."""


@event("billing.adjudication.set_aside.v1", TOPIC)
class AdjudicationSetAside(Event):
    """An insurer's decision was not accepted: nothing changed, and a person decides about it (`INS-3`)."""

    set_aside_id: UUID
    """The entry in the list of decisions that were set aside."""
    decision_id: UUID
    """The decision."""
    claim_id: UUID
    """The claim."""
    invoice_id: InvoiceId
    patient_id: PatientId
    payer_id: PayerId
    cause: Literal[
        "unbalanced_line",
        "unbalanced_claim",
        "unknown_line",
        "line_named_twice",
        "wrong_currency",
        "unusable_amount",
        "other_patient",
        "decision_differs",
    ]
    """Why, as a word: the nearest of those known from the beginning; `exact_cause` is the exact one."""
    exact_cause: Annotated[Text | None, Field(max_length=40, examples=["payer_not_on_invoice"])] = None
    """Why, as the word of the list of decisions set aside; an open list, so further words may come."""
    detail: Annotated[Text, Field(max_length=500)]
    """Why, in a sentence with figures and ids."""
