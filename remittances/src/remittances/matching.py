"""From a claim of a remittance to the decision on an invoice: which lines, which payer, in which turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from contracts.event import Amount
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment

from remittances.lines import Matched, lines_of
from remittances.payers import Payer, payer_of
from remittances.remittance import Adjustment, Claim, Group, Remittance

Invoice = dict[str, Any]
"""An invoice as invoicing's API shows it."""
ADJUSTMENTS_MAX = 99
"""As many as a line of the event takes."""


@dataclass(frozen=True, slots=True)
class Told:
    """A claim of a remittance, and the ids that both are known by."""

    clinic_id: UUID
    remittance_id: UUID
    decision_id: UUID
    remittance: Remittance
    claim: Claim


def decision_of(
    told: Told, invoice: Invoice, payer_id: UUID | None, put_off: Decimal | None = None
) -> ClaimAdjudicated:
    """The decision that a claim tells of. What does not balance stays as it is: invoicing sets it aside (`INS-3`).

    `put_off` is what of it the remittance takes back later (`INS-9`).
    """
    remittance, claim = told.remittance, told.claim
    payer = payer_of(remittance, claim, invoice, payer_id)
    total = invoice["totals"]["total"]
    money = Money(remittance.currency or total["currency"], Decimal(1).scaleb(-len(total["amount"].partition(".")[2])))
    return ClaimAdjudicated(
        clinic_id=told.clinic_id,
        occurred_at=remittance.decided_at,
        claim_id=claim_id_of(invoice, payer),
        decision_id=told.decision_id,
        patient_id=UUID(invoice["patient_id"]),
        invoice_id=UUID(invoice["id"]),
        payer_id=payer.id,
        payer_name=payer.name[:200],
        payer_identifier=payer.identifier[:80] or None,
        payer_sequence=payer.sequence,
        remittance_reference=remittance.reference[:80],
        remittance_id=told.remittance_id,
        charge=money.of(claim.charge),
        paid=money.of(claim.paid),
        put_off=None if put_off is None else money.of(put_off),
        lines=tuple(_line(one, money) for one in lines_of(claim, invoice, money.unit)),
    )


@dataclass(frozen=True, slots=True)
class Money:
    """A currency and its smallest unit."""

    currency: str
    unit: Decimal

    def of(self, value: Decimal) -> Amount:
        """An amount on the wire. One with more decimals than the currency has stays as it is, to be set aside."""
        exact = value.quantize(self.unit) if value == value.quantize(self.unit) else value
        return Amount(amount=format(exact, "f"), currency=self.currency)


def claim_id_of(invoice: Invoice, payer: Payer) -> UUID:
    """The claim: the one that the invoice's estimates name, else one for each invoice and payer."""
    for line in invoice["lines"]:
        for estimate in line["estimates"]:
            if estimate["payer_id"] == str(payer.id) and estimate["claim_id"]:
                return UUID(estimate["claim_id"])
    return uuid5(UUID(invoice["id"]), f"claim {payer.id}")


def _line(matched: Matched, money: Money) -> AdjudicatedLine:
    line = matched.line
    return AdjudicatedLine(
        invoice_line_id=matched.line_id,
        charge=money.of(line.charge),
        adjustments=tuple(
            ClaimAdjustment(
                group=adjustment.group, reason_code=adjustment.reason_code[:5], amount=money.of(adjustment.amount)
            )
            for adjustment in _few(line.adjustments)
        ),
        paid=money.of(line.paid),
        allowed=None if line.allowed is None else money.of(line.allowed),
        doubt=matched.doubt,
    )


def _few(adjustments: Sequence[Adjustment]) -> Sequence[Adjustment]:
    """As the file has them; more than an event takes are summed by group and reason."""
    if len(adjustments) <= ADJUSTMENTS_MAX:
        return adjustments
    sums: dict[tuple[Group, str], Decimal] = {}
    for adjustment in adjustments:
        key = (adjustment.group, adjustment.reason_code)
        sums[key] = sums.get(key, Decimal(0)) + adjustment.amount
    return [Adjustment(*key, amount) for key, amount in sums.items()]
