"""Which transactions can have been recorded by mistake, and what is done about the others (`PAY-5`)."""

from __future__ import annotations

from payments.domain.cancellation_errors import NotCancellable
from payments.domain.transaction import TRANSFERS, Kind, Transaction

CREDIT: tuple[Kind, ...] = ("credit_application", "allocation_move", *TRANSFERS)
"""What somebody does with a patient's credit, or with what settles an invoice, and may have done by mistake."""
_CANCELLATION = "record anew what was cancelled by mistake"
_FOLLOWS = "it follows from another transaction, or from a document; the credit is there to be applied or transferred"
_INSURERS = "the insurer made it; record what it pays again, or withholds, as a further transfer of it"
_INSTEAD: dict[Kind, str] = {
    "chargeback": "the bank made it; record what the bank gives back as a payment with its reference",
    "cancellation": _CANCELLATION,
    "refund_cancellation": _CANCELLATION,
    "application_cancellation": _CANCELLATION,
    "move_cancellation": _CANCELLATION,
    "release": _FOLLOWS,
    "take_back_cancellation": _CANCELLATION,
    "insurer_withheld": _INSURERS,
    "insurer_added": _INSURERS,
    "insurer_interest": _INSURERS,
    "interest_taken_back": _INSURERS,
}


def require_cancellable(fact: Transaction) -> None:
    """Raises NotCancellable, saying what to do instead."""
    if fact.kind in _INSTEAD:
        raise NotCancellable(fact.transaction_id, fact.kind, _INSTEAD[fact.kind])
    if fact.kind in TRANSFERS and fact.reverses_id is not None:
        raise NotCancellable(fact.transaction_id, fact.kind, _CANCELLATION)
    if fact.kind in TRANSFERS and fact.reason_code is not None:
        raise NotCancellable(fact.transaction_id, fact.kind, _FOLLOWS)
