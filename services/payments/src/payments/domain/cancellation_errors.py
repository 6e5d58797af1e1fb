"""What is refused about cancelling a transaction (`PAY-5`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class NotCancellable(PaymentsError):
    """What the bank did, what follows from something else, and a cancellation are not cancelled (`PAY-5`)."""

    def __init__(self, transaction_id: UUID, kind: str, instead: str) -> None:
        self.transaction_id = transaction_id
        self.kind = kind
        super().__init__(f"a {kind.replace('_', ' ')} of this kind is not cancelled: {instead}")


class RefundStanding(PaymentsError):
    """A refund stands and has to be cancelled first (`PAY-5`)."""

    def __init__(self, payment_id: UUID, refund_ids: Sequence[UUID]) -> None:
        self.payment_id = payment_id
        self.refund_ids = tuple(refund_ids)
        self.extensions = {"payment_id": str(payment_id), "refund_ids": [str(r) for r in refund_ids]}
        super().__init__("a refund of the payment stands; cancel it first")


class ApplicationUndone(PaymentsError):
    """Nothing of the applied credit is on its invoices any more: it was released, or its payment was reversed."""

    def __init__(self, application_id: UUID, invoice_ids: Sequence[UUID]) -> None:
        self.application_id = application_id
        self.invoice_ids = tuple(dict.fromkeys(invoice_ids))
        self.extensions = {"invoice_ids": [str(invoice_id) for invoice_id in self.invoice_ids]}
        super().__init__(
            "nothing of the applied credit is on its invoices any more: it was released, moved, or its payment is gone"
        )


class TransferSpent(PaymentsError):
    """The other patient does not have all of the transferred credit any more."""

    def __init__(self, transfer_id: UUID, transferred: Money, left: Money) -> None:
        self.transfer_id = transfer_id
        self.transferred = transferred
        self.left = left
        self.extensions = {"transferred": wire(transferred), "left": wire(left)}
        super().__init__(f"of the {transferred} transferred, {left} is left; undo what it was used for first")
