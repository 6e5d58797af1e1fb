"""What a transfer moves, invoice by invoice, as payments records it (`INS-5`, `INS-9`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from remittances.remittance import Remittance


@dataclass(slots=True)
class Moved:
    """What a transfer pays for one invoice, by all its claims together; below zero, what it takes back."""

    patient_id: UUID
    amount: Decimal = Decimal(0)


@dataclass(slots=True)
class Posting:
    """A transfer on its way to payments."""

    remittance_id: UUID
    remittance: Remittance
    moved: dict[UUID, Moved] = field(default_factory=dict)
    """By invoice."""
    payers: dict[UUID, str] = field(default_factory=dict)
    """Who the invoices know the insurer as."""
    currencies: set[str] = field(default_factory=set)

    def add(self, invoice_id: UUID, patient_id: UUID, payer: tuple[UUID, str], amount: Decimal, currency: str) -> None:
        """Add what a claim pays."""
        self.moved.setdefault(invoice_id, Moved(patient_id)).amount += amount
        self.payers[payer[0]] = payer[1]
        self.currencies.add(currency)
