"""What the domain refuses about requests for refunds above the clinic's limit (`ALL-5`)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class RefundNeedsApproval(PaymentsError):
    """Above the clinic's limit a second person decides: of a payment, or of what goes back to a patient in a day."""

    done = "refunded"

    def __init__(self, refunded: Money, limit: Money, of: Literal["payment", "patient"]) -> None:
        self.refunded = refunded
        self.limit = limit
        self.extensions = {"refunded_with_it": wire(refunded), "limit": wire(limit)}
        whole = "of the payment" if of == "payment" else "to the patient in one day without a second person"
        super().__init__(
            f"with it {refunded} is {self.done} {whole}, above the limit of {limit}: a second person has to approve"
        )


class CancellationNeedsApproval(RefundNeedsApproval):
    """A payment above the clinic's limit is not cancelled by one person alone: so money disappears, too (`PAY-15`)."""

    done = "cancelled or refunded"


class SecondPersonNeeded(PaymentsError):
    """Nobody decides on a request of their own (`ALL-5`)."""

    def __init__(self) -> None:
        super().__init__("whoever requested it cannot decide on it; another person has to")


class NotTheRequester(PaymentsError):
    """Only whoever asked for a refund withdraws the request."""

    def __init__(self) -> None:
        super().__init__("somebody else requested it; reject it instead")


class RefundRequestDecided(PaymentsError):
    """The request was completed, rejected or withdrawn."""

    def __init__(self, request_id: UUID, state: str) -> None:
        self.request_id = request_id
        self.state = state
        self.extensions = {"request_id": str(request_id), "state": state}
        super().__init__(f"the request is {state}")
