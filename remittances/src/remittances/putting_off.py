"""What a remittance puts off of what its claims take back: a recovery (PLB WO) below zero, by invoice (`INS-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from remittances.remittance import RECOVERY, ProviderAdjustment


@dataclass(slots=True)
class PutOff:
    """A remittance's adjustments, and what of them no claim has been given yet, by invoice."""

    adjustments: Sequence[ProviderAdjustment]
    _left: dict[UUID, Decimal] = field(default_factory=dict)

    def of(self, invoice_id: UUID, number: str, paid: Decimal) -> Decimal | None:
        """What of a claim is put off, in the order of the file; nothing is of one that takes nothing back."""
        if paid >= 0:
            return None
        if invoice_id not in self._left:
            recovered = (one.amount for one in self.adjustments if _recovers(one, (number, str(invoice_id))))
            self._left[invoice_id] = max(Decimal(0), -sum(recovered, Decimal(0)))
        part = min(-paid, self._left[invoice_id])
        self._left[invoice_id] -= part
        return part


def _recovers(one: ProviderAdjustment, names: Sequence[str]) -> bool:
    """Whether it recovers something of an invoice: payers write names behind its number, and small letters."""
    said = one.reference.upper()
    return one.reason_code == RECOVERY and any(f"{said} ".startswith(f"{name.upper()} ") for name in names)
