"""Why invoicing refuses something of an installment plan: named facts with typed data; the tree is in `errors.py`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.money import Money

from invoicing.domain.errors import InvoicingError


class OutstandingChanged(InvoicingError):
    """What was to be divided is not what is outstanding any more (`PLN-6`)."""

    field = "outstanding"

    def __init__(self, outstanding: Money) -> None:
        super().__init__(
            f"{outstanding} is outstanding by now: look at the division of that, and send it with that figure"
        )
        self.outstanding = outstanding

    @property
    def extensions(self) -> dict[str, Any]:
        """What is outstanding now."""
        return {"outstanding": {"amount": self.outstanding.amount, "currency": self.outstanding.currency}}


class InstallmentSettled(InvoicingError):
    """Nothing of the installment is unpaid: there is nothing to move or to cancel (`PLN-10`)."""

    def __init__(self, installment_id: UUID) -> None:
        super().__init__(f"nothing is unpaid of installment {installment_id}")
