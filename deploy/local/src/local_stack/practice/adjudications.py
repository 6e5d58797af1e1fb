"""What a visit's insurers decided, as the claims system announces it, payers in turn (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment

from contracts import Amount
from local_stack.practice.api import Api
from local_stack.practice.events import CURRENCY, Announced
from local_stack.practice.ledger import DecidedCharge, LedgerDecision, Visit, as_amount, derived_id

PRIOR_PAYERS = "23"
"""The adjustment reason code for what payers asked earlier paid (group OA)."""
PATIENTS = "3"
"""That for a co-payment (group PR)."""


async def lines_of(api: Api, visit: Visit, invoice_id: UUID) -> dict[UUID, UUID]:
    """Which line of the visit's invoice bills which procedure."""
    invoice = (await api.get("invoicing", visit.clinic_id, f"/v1/invoices/{invoice_id}")).body
    return {UUID(line["procedure_id"]): UUID(line["id"]) for line in invoice["lines"] if line["procedure_id"]}


def decision_id(visit: Visit, decision: LedgerDecision) -> UUID:
    """The same data gives the same ids, so playing twice changes nothing."""
    return derived_id("decision", visit.clinic_id, visit.id, decision.sequence)


def of_insurers(
    visit: Visit, decisions: Iterable[LedgerDecision], invoice_id: UUID, lines: Mapping[UUID, UUID]
) -> Iterator[Announced]:
    """These decisions on a visit's claim, in turn."""
    for decision in decisions:
        claim_id = derived_id("claim", visit.clinic_id, visit.id, decision.sequence)
        event = ClaimAdjudicated(
            clinic_id=visit.clinic_id,
            occurred_at=visit.stop,
            claim_id=claim_id,
            decision_id=decision_id(visit, decision),
            patient_id=visit.patient_id,
            invoice_id=invoice_id,
            payer_id=decision.payer.id or derived_id("payer", decision.payer.name),
            payer_name=decision.payer.name or "",
            payer_sequence=decision.sequence,
            charge=_amount(sum(charge.fee for charge in decision.charges)),
            paid=_amount(sum(charge.paid for charge in decision.charges)),
            lines=tuple(_line(charge, lines) for charge in decision.charges),
        )
        yield Announced(
            derived_id("adjudicated", visit.clinic_id, visit.id, decision.sequence),
            "/practice/insurance-claims",
            claim_id,
            event,
        )


def _line(charge: DecidedCharge, lines: Mapping[UUID, UUID]) -> AdjudicatedLine:
    groups = (("OA", PRIOR_PAYERS, charge.before), ("PR", PATIENTS, charge.left))
    return AdjudicatedLine(
        invoice_line_id=lines[charge.procedure_id],
        charge=_amount(charge.fee),
        adjustments=tuple(
            ClaimAdjustment.model_validate({"group": group, "reason_code": reason, "amount": _amount(cents)})
            for group, reason, cents in groups
            if cents
        ),
        paid=_amount(charge.paid),
    )


def _amount(cents: int) -> Amount:
    return Amount(amount=as_amount(cents), currency=CURRENCY)
