"""An insurer decided on a claim: applied to the invoice, or set aside with the reason (`INS-3`, `INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.numbering import DateBeforeSeries
from chassis.messaging import Message, NotYet
from contracts.event import Amount
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated

from invoicing.domain.adjudication import StatedAdjudication, StatedAdjustment, StatedAmount, StatedLine
from invoicing.use_cases.apply_adjudications import apply_adjudications


async def on_claim_adjudicated(work: Work, messages: Sequence[Message]) -> None:
    """Apply a batch of decisions; what is not accepted is set aside, and holds nothing of its patient (`INS-8`)."""
    stated = [_stated(ClaimAdjudicated.model_validate_json(message.data)) for message in messages]
    try:
        await apply_adjudications(work, stated)
    except DateBeforeSeries as early:
        raise NotYet(str(early)) from early


def _stated(event: ClaimAdjudicated) -> StatedAdjudication:
    return StatedAdjudication(
        decision_id=event.decision_id,
        claim_id=event.claim_id,
        clinic_id=event.clinic_id,
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        payer_id=event.payer_id,
        payer_name=event.payer_name,
        sequence=event.payer_sequence,
        charge=_amount(event.charge),
        paid=_amount(event.paid),
        lines=tuple(_line(line) for line in event.lines),
        decided_at=event.occurred_at,
        remittance_reference=event.remittance_reference,
        remittance_id=event.remittance_id,
        payer_identifier=event.payer_identifier,
        put_off=None if event.put_off is None else _amount(event.put_off),
    )


def _line(line: AdjudicatedLine) -> StatedLine:
    return StatedLine(
        line_id=line.invoice_line_id,
        charge=_amount(line.charge),
        paid=_amount(line.paid),
        adjustments=tuple(
            StatedAdjustment(adjustment.group, adjustment.reason_code, _amount(adjustment.amount))
            for adjustment in line.adjustments
        ),
        allowed=_amount(line.allowed) if line.allowed else None,
        doubt=line.doubt,
    )


def _amount(amount: Amount) -> StatedAmount:
    return StatedAmount(amount.amount, amount.currency)
