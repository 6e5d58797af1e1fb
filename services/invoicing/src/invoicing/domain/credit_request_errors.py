"""Why a credit needs a second person, and what is refused about requests for one; the tree stands in `errors.py`."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from chassis.money import Money

from invoicing.domain.errors import InvoicingError


class CreditNeedsApproval(InvoicingError):
    """Above the clinic's limit a second person decides: of an invoice, or of a patient's day (`PAY-15`)."""

    def __init__(self, total: Money, credited: Money, limit: Money, of: Literal["invoice", "patient"]) -> None:
        whole = "on the invoice" if of == "invoice" else "to the patient in one day"
        super().__init__(
            f"with it {credited} is credited {whole} without a second person, above the limit of {limit}: a second "
            "person has to approve"
        )
        self.total = total
        self.credited = credited
        self.limit = limit

    @property
    def extensions(self) -> dict[str, Any]:
        """The sum that is too much, and the limit."""
        return {"credited_with_it": _wire(self.credited), "limit": _wire(self.limit)}


class SecondPersonNeeded(InvoicingError):
    """Nobody decides on a request of their own (`PAY-15`)."""

    def __init__(self) -> None:
        super().__init__("whoever requested it cannot decide on it; another person has to")


class NotTheRequester(InvoicingError):
    """Only whoever asked for a credit withdraws the request."""

    def __init__(self) -> None:
        super().__init__("somebody else requested it; reject it instead")


class CreditRequestDecided(InvoicingError):
    """The request was completed, rejected or withdrawn."""

    def __init__(self, request_id: UUID, state: str) -> None:
        super().__init__(f"the request is {state}")
        self.request_id = request_id
        self.state = state

    @property
    def extensions(self) -> dict[str, Any]:
        """Which, and what became of it."""
        return {"request_id": str(self.request_id), "state": self.state}


class CreditRequestOutdated(InvoicingError):
    """It would come to another amount by now than what was asked for and is approved."""

    def __init__(self, asked: Money, now: Money) -> None:
        super().__init__(f"{asked} was asked for, by now it would be {now}: reject it, and ask for it anew")
        self.asked = asked
        self.now = now

    @property
    def extensions(self) -> dict[str, Any]:
        """Both amounts."""
        return {"asked": _wire(self.asked), "now": _wire(self.now)}


def _wire(money: Money) -> dict[str, str]:
    return {"amount": money.amount, "currency": money.currency}
