"""Insurers decided on an invoice: what they are to pay of it, others are not to have paid for them (`INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.adjudications import AdjudicationApplied

from payments.domain.insurers_part import InsurersPart
from payments.domain.transaction import Payer
from payments.persistence.insurers_parts import DecidedPart
from payments.use_cases.follow_decisions import follow_decisions


async def on_adjudication_applied(work: Work, messages: Sequence[Message]) -> None:
    """Keep what all decisions on each invoice come to, as of its latest version."""
    await follow_decisions(
        work, [_part(AdjudicationApplied.model_validate_json(message.data), message.sequence) for message in messages]
    )


def _part(event: AdjudicationApplied, version: int) -> DecidedPart:
    return DecidedPart(
        clinic_id=event.clinic_id,
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        payer=Payer("insurer", event.payer_id, event.payer_name),
        part=InsurersPart(minor_of(event.shares.paid), _payers(event), minor_of(event.shares.undecided)),
        version=version,
    )


def _payers(event: AdjudicationApplied) -> tuple[tuple[Payer, int], ...] | None:
    """Whose it is; None of an event from before that was told."""
    if event.insurers is None:
        return None
    return tuple((Payer("insurer", one.payer_id, one.payer_name), minor_of(one.paid)) for one in event.insurers)
