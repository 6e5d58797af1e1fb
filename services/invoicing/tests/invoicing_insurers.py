"""Insurers in tests: what they estimate, decide, pay and take back, in decimal strings of dollars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from chassis.testing.harness import START
from contracts.event import Amount
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment, PayerSequence


def usd(amount: str | Decimal) -> Amount:
    return Amount(amount=f"{Decimal(amount):.2f}", currency="USD")


@dataclass
class Insurer:
    """An insurer and its turn."""

    name: str = "Delta"
    sequence: PayerSequence = "primary"
    id: UUID = field(default_factory=new_id)

    def estimate(self, expected: str, write_off: str = "0.00", patient: str = "0.00", **more: Any) -> dict[str, Any]:
        amounts = {"expected": expected, "write_off": write_off, "patient_part": patient}
        return {
            "payer_id": str(self.id),
            "payer_name": self.name,
            "payer_sequence": self.sequence,
            **{name: {"amount": amount, "currency": "USD"} for name, amount in amounts.items()},
            **more,
        }

    def line(self, line: Mapping[str, Any], paid: str, *, negative: bool = False, **groups: str) -> AdjudicatedLine:
        """`paid`, and adjustments by group (`CO="10.00"`); the charge is their sum."""
        sign = -1 if negative else 1
        adjusted = {group: sign * Decimal(amount) for group, amount in groups.items()}
        charge = sign * Decimal(paid) + sum(adjusted.values(), Decimal(0))
        return AdjudicatedLine(
            invoice_line_id=UUID(line["id"]),
            charge=usd(charge),
            adjustments=tuple(
                ClaimAdjustment(group=group, reason_code="45", amount=usd(amount)) for group, amount in adjusted.items()
            ),
            paid=usd(sign * Decimal(paid)),
        )

    def decides(self, invoice: Mapping[str, Any], lines: Sequence[AdjudicatedLine], **changes: Any) -> ClaimAdjudicated:
        given = {
            "clinic_id": new_id(),
            "occurred_at": START,
            "claim_id": new_id(),
            "decision_id": new_id(),
            "patient_id": UUID(invoice["patient_id"]),
            "invoice_id": UUID(invoice["id"]),
            "payer_id": self.id,
            "payer_name": self.name,
            "payer_sequence": self.sequence,
            "remittance_reference": "ERA 1",
            "charge": usd(sum((Decimal(line.charge.amount) for line in lines), Decimal(0))),
            "paid": usd(sum((Decimal(line.paid.amount) for line in lines), Decimal(0))),
            "lines": tuple(lines),
        }
        return ClaimAdjudicated(**(given | changes))
