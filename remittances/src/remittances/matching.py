"""From a claim of a remittance to the decision on an invoice: which lines, which payer, in which turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from contracts.event import Amount
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment, PayerSequence

from remittances.remittance import NAMESPACE, Adjustment, Claim, Remittance, ServiceLine, parts_of

Invoice = dict[str, Any]
"""An invoice as invoicing's API shows it."""


@dataclass(frozen=True, slots=True)
class Payer:
    """The insurer, as the invoice knows it, and its turn."""

    id: UUID
    name: str
    sequence: PayerSequence


def decision_of(
    remittance: Remittance, claim: Claim, invoice: Invoice, clinic_id: UUID, payer_id: UUID | None
) -> ClaimAdjudicated:
    """The decision that a claim tells of. What does not balance stays as it is: invoicing sets it aside (`INS-3`)."""
    payer = payer_of(remittance, claim, invoice, payer_id)
    total = invoice["totals"]["total"]
    money = Money(remittance.currency or total["currency"], Decimal(1).scaleb(-len(total["amount"].partition(".")[2])))
    return ClaimAdjudicated(
        clinic_id=clinic_id,
        occurred_at=remittance.decided_at,
        claim_id=claim_id_of(invoice, payer),
        decision_id=remittance.decision_id(claim),
        patient_id=UUID(invoice["patient_id"]),
        invoice_id=UUID(invoice["id"]),
        payer_id=payer.id,
        payer_name=payer.name[:200],
        payer_sequence=payer.sequence,
        remittance_reference=remittance.reference[:80],
        remittance_id=remittance.id,
        charge=money.of(claim.charge),
        paid=money.of(claim.paid),
        lines=tuple(_line(line_id, line, money) for line_id, line in lines_of(claim, invoice, money.unit).items()),
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


def payer_of(remittance: Remittance, claim: Claim, invoice: Invoice, payer_id: UUID | None) -> Payer:
    """The insurer: the one that is told, else the invoice's of this name, else one derived from its identifier.

    Its turn is what the file says, else the turn that the invoice's estimates and earlier decisions have it in.
    """
    known = _payers(invoice)
    wanted = remittance.payer_name.casefold()
    found = next(
        (one for one in known if one.id == payer_id or (payer_id is None and one.name.casefold() == wanted)), None
    )
    derived = uuid5(NAMESPACE, f"payer {remittance.payer_identifier or remittance.payer_name}")
    turn = claim.turn or (found.sequence if found else "primary")
    return Payer(payer_id or (found.id if found else derived), found.name if found else remittance.payer_name, turn)


def _payers(invoice: Invoice) -> list[Payer]:
    insurance = invoice["insurance"] or {"payers": []}
    known = [
        Payer(UUID(one["payer_id"]), one["payer_name"], one["payer_sequence"]) for one in reversed(insurance["payers"])
    ]
    primary = invoice["primary_payer"]
    if primary and primary["id"]:
        known.append(Payer(UUID(primary["id"]), primary["name"] or "", "primary"))
    return known


def claim_id_of(invoice: Invoice, payer: Payer) -> UUID:
    """The claim: the one that the invoice's estimates name, else one for each invoice and payer."""
    for line in invoice["lines"]:
        for estimate in line["estimates"]:
            if estimate["payer_id"] == str(payer.id) and estimate["claim_id"]:
                return UUID(estimate["claim_id"])
    return uuid5(UUID(invoice["id"]), f"claim {payer.id}")


def lines_of(claim: Claim, invoice: Invoice, unit: Decimal) -> dict[UUID, ServiceLine]:
    """What is paid for each line of the invoice, the claim's own adjustments divided over them (`MON-3`).

    A service line is the invoice line that REF*6R names (its id, or its position), else one with the same code that is
    not taken yet, of the same charge if there is one. What matches none gets an id of its own, and is set aside.
    """
    if not claim.lines:
        return _divided(claim, invoice, unit)
    found: dict[UUID, ServiceLine] = {}
    for line in claim.lines:
        line_id = _line_id(line, invoice, found)
        found[line_id] = _joined(found[line_id], line) if line_id in found else line
    if claim.adjustments and claim.balances:
        _spread(claim.adjustments, list(found.values()), unit)
    return found


def _line_id(line: ServiceLine, invoice: Invoice, taken: dict[UUID, ServiceLine]) -> UUID:
    lines = invoice["lines"]
    named = [one for one in lines if line.reference in (one["id"], str(one["position"]))]
    same = [
        one for one in lines if UUID(one["id"]) not in taken and (one["code"] or "").casefold() == line.code.casefold()
    ]
    same.sort(key=lambda one: charge_of(one) != abs(line.charge))
    match = next(iter(named or same), None)
    return UUID(match["id"]) if match else uuid5(UUID(invoice["id"]), f"segment {line.position}")


def charge_of(line: dict[str, Any]) -> Decimal:
    """What a claim asks for a line of an invoice: after discounts, as priced."""
    taken = Decimal(line["discount_amount"]["amount"]) + Decimal(line["document_discount_amount"]["amount"])
    return Decimal(line["amount"]["amount"]) - taken


def _divided(claim: Claim, invoice: Invoice, unit: Decimal) -> dict[UUID, ServiceLine]:
    """A claim without service lines: its charge over the invoice's lines by their fees, its adjustments over these."""
    charges = parts_of(claim.charge, [charge_of(line) for line in invoice["lines"]], unit)
    found = {
        UUID(line["id"]): ServiceLine(claim.position, line["code"] or "", charge, charge)
        for line, charge in zip(invoice["lines"], charges, strict=True)
        if charge
    }
    if claim.balances:
        _spread(claim.adjustments, list(found.values()), unit)
    return found


def _spread(adjustments: Sequence[Adjustment], lines: Sequence[ServiceLine], unit: Decimal) -> None:
    """Take a claim's own adjustments from its lines by what is left to pay of each: no share exceeds its line."""
    for one in adjustments:
        parts = parts_of(one.amount, [abs(line.paid) for line in lines], unit)
        for line, part in zip(lines, parts, strict=True):
            if part:
                line.adjustments.append(Adjustment(one.group, one.reason_code, part))
                line.paid -= part


def _joined(one: ServiceLine, other: ServiceLine) -> ServiceLine:
    """Two service lines of one invoice line, as a payer may split one."""
    allowed = None if one.allowed is None or other.allowed is None else one.allowed + other.allowed
    return ServiceLine(
        one.position,
        one.code,
        one.charge + other.charge,
        one.paid + other.paid,
        [*one.adjustments, *other.adjustments],
        one.reference,
        allowed,
    )


def _line(line_id: UUID, line: ServiceLine, money: Money) -> AdjudicatedLine:
    return AdjudicatedLine(
        invoice_line_id=line_id,
        charge=money.of(line.charge),
        adjustments=tuple(
            ClaimAdjustment(group=one.group, reason_code=one.reason_code[:5], amount=money.of(one.amount))
            for one in line.adjustments
        ),
        paid=money.of(line.paid),
        allowed=None if line.allowed is None else money.of(line.allowed),
    )
