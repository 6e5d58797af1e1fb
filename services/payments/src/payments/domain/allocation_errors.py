"""What is refused about how a payment is divided over invoices (`PAY-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class InvoiceNamedTwice(PaymentsError):
    """One request names an invoice once."""

    def __init__(self, invoice_id: UUID, field: str) -> None:
        self.invoice_id = invoice_id
        self.field = field
        super().__init__(f"invoice {invoice_id} is named twice")


class AllocationsExceedAmount(PaymentsError):
    """The parts are more than the whole."""

    def __init__(self, allocated: Money, amount: Money, field: str = "allocations") -> None:
        self.field = field
        self.allocated = allocated
        self.amount = amount
        super().__init__(f"the allocations sum to {allocated}, more than {amount}")


class NotAllocated(PaymentsError):
    """The allocations, each for an amount, are less than the payment, and no overpayment is allowed (`PAY-2`)."""

    field = "allocations"

    def __init__(self, left: Money) -> None:
        self.left = left
        self.extensions = {"not_allocated": wire(left)}
        super().__init__(f"{left} is not allocated: say to which invoice; allow_overpayment keeps it as patient credit")


class MoreThanOutstanding(PaymentsError):
    """More than the invoices ask for, and no overpayment allowed (`PAY-2`)."""

    def __init__(
        self,
        field: str,
        surplus: Money,
        outstanding: Sequence[tuple[UUID, str, Money]],
        instead: str = "allow_overpayment keeps it as patient credit",
    ) -> None:
        self.field = field
        self.surplus = surplus
        self.outstanding = tuple(outstanding)
        named = [
            {"invoice_id": str(i), "invoice_number": number, "outstanding": wire(money)}
            for i, number, money in outstanding
        ]
        self.extensions = {"outstanding": named, "surplus": wire(surplus)}
        asked = ", ".join(f"{number} asks for {money}" for _, number, money in outstanding)
        super().__init__(f"{asked}: {surplus} too much; {instead}")
