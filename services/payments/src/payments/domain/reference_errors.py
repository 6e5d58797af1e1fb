"""What is refused about the reference of a bank, a card terminal or an insurer (`PAY-17`)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class ReferenceUsed(PaymentsError):
    """A payment of the same payer and method has this reference: the same money, unless somebody knows better."""

    field = "external_reference"

    def __init__(self, payment_id: UUID, booked_on: date, amount: Money) -> None:
        self.payment_id = payment_id
        self.booked_on = booked_on
        self.amount = amount
        self.extensions = {"payment_id": str(payment_id), "booked_on": booked_on.isoformat(), "amount": wire(amount)}
        super().__init__(
            f"a payment of {amount} by the same payer and method has this reference, booked on {booked_on}: if this is "
            "another payment, send it with confirm_duplicate_reference"
        )
