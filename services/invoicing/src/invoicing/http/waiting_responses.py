"""What waits for somebody, as it goes out."""

from __future__ import annotations

from typing import Generic, TypeVar

from chassis.http import ResponseBody

from invoicing.http.credit_request_responses import CreditRequestOut
from invoicing.http.debit_proposal_responses import DebitProposalOut
from invoicing.http.insurance_responses import SetAsideOut
from invoicing.http.report_responses import ReviewOut

T = TypeVar("T")


class Some(ResponseBody, Generic[T]):
    """The beginning of a list; `more` where the list itself has further ones."""

    items: list[T]
    more: bool


class WaitingOut(ResponseBody):
    """Each kind of what waits, as its own list has it."""

    credit_requests: Some[CreditRequestOut]
    """`/v1/credit-requests?state=requested` (`PAY-15`)."""
    invoice_reviews: Some[ReviewOut]
    """`/v1/invoice-reviews` (`INV-1`)."""
    set_aside_decisions: Some[SetAsideOut]
    """`/v1/set-aside-decisions?state=open` (`INS-8`)."""
    debit_proposals: Some[DebitProposalOut]
    """`/v1/debit-proposals?state=open` (`PAY-6`)."""
