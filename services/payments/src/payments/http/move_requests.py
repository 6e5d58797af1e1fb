"""What of a payment is to go from where to where (`PAY-13`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import MoneyIn, RequestBody
from pydantic import ConfigDict, Field

from payments.domain.payment import Place
from payments.http.examples import INVOICE
from payments.http.shared_requests import Reason
from payments.use_cases.move_allocation import MoveAllocation


class SpotIn(RequestBody):
    """An invoice, or one installment of its live plan."""

    invoice_id: UUID
    installment_id: UUID | None = None

    def to_place(self) -> Place:
        """As the domain has it."""
        return self.invoice_id, self.installment_id


class MoveIn(RequestBody):
    """What of a payment goes from where to where, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from": {"invoice_id": INVOICE},
                    "to": {"invoice_id": "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c06"},
                    "amount": {"amount": "40.00", "currency": "USD"},
                    "reason": "meant for the crown",
                },
                {"from": {"invoice_id": INVOICE}, "to": None, "reason": "she wants to keep it for the filling"},
            ]
        },
    )

    source: Annotated[SpotIn, Field(alias="from")]
    """What the payment settles there: of an invoice without an installment all of it, whatever installment it names."""
    target: Annotated[SpotIn | None, Field(alias="to")]
    """Null makes it credit again, of whoever's it was before it settled an invoice."""
    amount: MoneyIn | None = None
    """All that the payment settles there, when left out; what settled it last goes first."""
    reason: Reason

    def to_command(self, payment_id: UUID) -> MoveAllocation:
        """As the use case takes it. Raises Invalid."""
        return MoveAllocation(
            payment_id=payment_id,
            source=self.source.to_place(),
            target=self.target.to_place() if self.target else None,
            amount=None if self.amount is None else self.amount.to_money("amount"),
            reason=self.reason,
        )
