"""What responses say of insurance: estimates, decisions, and apart from both what came in (`INS-1` to `INS-4`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self, cast
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.members import Members
from pydantic import ConfigDict

from invoicing.domain.estimate import Estimate, PayerSequence
from invoicing.domain.insurance import Insurance, LinePosition, PayerPosition
from invoicing.domain.listed_adjudication import ListedAdjudication, ListedLine
from invoicing.domain.parked_adjudication import ParkedAdjudication, ParkedState
from invoicing.domain.shares import PayerAdjudication, Shares
from invoicing.http.insurance_examples import DECISION_EXAMPLE, SET_ASIDE_EXAMPLE


class EstimateOut(ResponseBody):
    """What one payer is expected to decide on a line; an estimate, apart from every decision (`INS-1`)."""

    payer_id: UUID
    payer_name: str
    payer_identifier: str | None
    payer_sequence: PayerSequence
    claim_id: UUID | None
    allowed: MoneyOut | None
    expected: MoneyOut
    write_off: MoneyOut
    patient_part: MoneyOut

    @classmethod
    def of(cls, estimate: Estimate, currency: str) -> EstimateOut:
        """As the wire has it."""
        return cls(
            payer_id=estimate.payer_id,
            payer_name=estimate.payer_name,
            payer_sequence=estimate.sequence,
            payer_identifier=estimate.payer_identifier,
            claim_id=estimate.claim_id,
            allowed=None if estimate.allowed is None else money_out(estimate.allowed, currency),
            expected=money_out(estimate.expected, currency),
            write_off=money_out(estimate.write_off, currency),
            patient_part=money_out(estimate.patient_part, currency),
        )


class SharesOut(ResponseBody):
    """How a fee is divided: paid + written off + patient part + undecided = fee; what is overpaid comes on top."""

    fee: MoneyOut
    paid: MoneyOut
    """What insurers decided to pay, as far as the fee has room for it."""
    written_off: MoneyOut
    """What contracts took off, by credit notes."""
    patient_part: MoneyOut
    """As the last payer in turn left it."""
    undecided: MoneyOut
    """What no decision has given to anybody; adjustments of groups OA and PI stay here, with the insurers."""
    overpaid: MoneyOut
    """What insurers decided to pay beyond the fee: credit of whoever paid it."""

    @classmethod
    def of(cls, shares: Shares, currency: str) -> SharesOut:
        """As the wire has it."""
        return cls.model_construct(
            fee=money_out(shares.fee, currency),
            paid=money_out(shares.paid, currency),
            written_off=money_out(shares.written_off, currency),
            patient_part=money_out(shares.patient_part, currency),
            undecided=money_out(shares.undecided, currency),
            overpaid=money_out(shares.overpaid, currency),
        )


class EstimatedOut(ResponseBody):
    """The estimate of the whole invoice: insurers' share, write-off and patient's share are its total."""

    insurers_share: MoneyOut
    write_off: MoneyOut
    patient_share: MoneyOut


class LinePayerOut(ResponseBody):
    """What one insurer decided on a line, by all its decisions."""

    payer_id: UUID
    payer_name: str
    payer_sequence: PayerSequence
    charge: MoneyOut
    """What was claimed, by the decisions."""
    allowed: MoneyOut
    paid: MoneyOut
    """What it decided to pay: a decision, no payment."""
    contractual: MoneyOut
    """Its adjustments of group CO."""
    patient_responsibility: MoneyOut
    """Its adjustments of group PR: the patient's, or the next payer's."""
    other: MoneyOut
    """Its adjustments of groups OA and PI."""

    @classmethod
    def of(cls, decided: PayerAdjudication | PayerPosition, currency: str, **others: Any) -> Self:
        """As the wire has it, with what others of its kind say beside."""
        made = cls.model_construct(
            payer_id=decided.payer_id,
            payer_name=decided.payer_name,
            payer_sequence=decided.sequence,
            charge=money_out(decided.charge, currency),
            allowed=money_out(decided.allowed, currency),
            paid=money_out(decided.paid, currency),
            contractual=money_out(decided.contractual, currency),
            patient_responsibility=money_out(decided.patient, currency),
            other=money_out(decided.other, currency),
            **others,
        )
        return cast("Self", made)


class InsurerOut(LinePayerOut):
    """One insurer of the invoice: what was estimated, what it decided by all its decisions, and what came in."""

    estimated: MoneyOut
    estimated_write_off: MoneyOut
    received: MoneyOut
    """What its payments settle of the invoice."""
    still_expected: MoneyOut
    """What it decided to pay, or else was estimated to, and has not come in; no more than the invoice asks for."""

    @classmethod
    def of_position(cls, position: PayerPosition, currency: str) -> InsurerOut:
        """As the wire has it."""
        return cls.of(
            position,
            currency,
            estimated=money_out(position.estimated, currency),
            estimated_write_off=money_out(position.estimated_write_off, currency),
            received=money_out(position.received, currency),
            still_expected=money_out(position.still_expected, currency),
        )


class DecidedLineOut(SharesOut):
    """A line that insurers decided on."""

    line_id: UUID
    payers: list[LinePayerOut]

    @classmethod
    def of_line(cls, line: LinePosition, currency: str) -> DecidedLineOut:
        """As the wire has it."""
        return cls.model_construct(
            **dict(SharesOut.of(line.shares, currency)),
            line_id=line.line_id,
            payers=[LinePayerOut.of(payer, currency) for payer in line.payers],
        )


class InsuranceOut(ResponseBody):
    """What insurers are expected to decide on an invoice, and apart from it what they have decided (`INS-1`)."""

    estimated: EstimatedOut
    payers: list[InsurerOut]
    """In turn."""
    decided: SharesOut
    """Of the lines that were decided on, together."""
    lines: list[DecidedLineOut]

    @classmethod
    def of(cls, insurance: Insurance, currency: str) -> InsuranceOut:
        """As the wire has it."""
        return cls.model_construct(
            estimated=EstimatedOut.model_construct(
                insurers_share=money_out(insurance.insurers_share, currency),
                write_off=money_out(insurance.expected_write_off, currency),
                patient_share=money_out(insurance.patient_share, currency),
            ),
            payers=[InsurerOut.of_position(payer, currency) for payer in insurance.payers],
            decided=SharesOut.of(insurance.shares, currency),
            lines=[DecidedLineOut.of_line(line, currency) for line in insurance.lines],
        )


class AdjustmentOut(ResponseBody):
    """Why less was paid than claimed (X12 835 CAS)."""

    group: Literal["CO", "PR", "OA", "PI"]
    reason_code: str
    amount: MoneyOut


class DecisionLineOut(ResponseBody):
    """What one decision says of one line: charge - adjustments = paid."""

    line_id: UUID
    description: str
    charge: MoneyOut
    allowed: MoneyOut
    paid: MoneyOut
    adjustments: list[AdjustmentOut]

    @classmethod
    def of(cls, line: ListedLine, currency: str) -> DecisionLineOut:
        """As the wire has it."""
        return cls.model_construct(
            line_id=line.line_id,
            description=line.description,
            charge=money_out(line.charge_minor, currency),
            allowed=money_out(line.allowed_minor, currency),
            paid=money_out(line.paid_minor, currency),
            adjustments=[
                AdjustmentOut.model_construct(
                    group=adjustment.group,
                    reason_code=adjustment.reason_code,
                    amount=money_out(adjustment.amount, currency),
                )
                for adjustment in line.adjustments
            ],
        )


class DecisionOut(ResponseBody):
    """One decision of an insurer, as it was accepted; later ones are further decisions, never edits (`INS-3`)."""

    model_config = ConfigDict(json_schema_extra={"example": DECISION_EXAMPLE})

    decision_id: UUID
    claim_id: UUID
    invoice_id: UUID
    invoice_number: str
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    payer_sequence: PayerSequence
    remittance_id: UUID | None
    remittance_reference: str | None
    charge: MoneyOut
    paid: MoneyOut
    contractual: MoneyOut
    patient_responsibility: MoneyOut
    other: MoneyOut
    written_off: MoneyOut
    """By how much the invoice asks for less because of it; less than `contractual` where less was left to credit."""
    put_off: MoneyOut | None
    """What of a payment taken back its remittance did not take back, but put off until a recovery; null where nothing
    is taken back, or it was not told."""
    decided_at: datetime
    applied_at: datetime
    lines: list[DecisionLineOut]

    @classmethod
    def of(cls, decision: ListedAdjudication) -> DecisionOut:
        """As the wire has it."""
        currency = decision.currency
        return cls.model_construct(
            **_LISTED.of(decision),
            charge=money_out(decision.charge_minor, currency),
            paid=money_out(decision.paid_minor, currency),
            contractual=money_out(decision.contractual_minor, currency),
            patient_responsibility=money_out(decision.patient_minor, currency),
            other=money_out(decision.other_minor, currency),
            written_off=money_out(decision.written_off_minor, currency),
            put_off=None if decision.put_off_minor is None else money_out(decision.put_off_minor, currency),
            lines=[DecisionLineOut.of(line, currency) for line in decision.lines],
        )


_LISTED = Members(DecisionOut, ListedAdjudication, without=["lines"])


class SetAsideOut(ResponseBody):
    """A decision that was not accepted, and what became of it; nothing of it counts (`INS-3`)."""

    model_config = ConfigDict(json_schema_extra={"example": SET_ASIDE_EXAMPLE})

    id: UUID
    state: ParkedState
    cause: str
    detail: str
    decision_id: UUID
    claim_id: UUID
    invoice_id: UUID
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    remittance_id: UUID | None
    set_aside_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None
    stated: dict[str, Any]
    """The decision as the insurer stated it."""

    @classmethod
    def of(cls, parked: ParkedAdjudication) -> SetAsideOut:
        """As the wire has it."""
        return cls.model_construct(**_PARKED.of(parked), stated=parked.document)


_PARKED = Members(SetAsideOut, ParkedAdjudication)
