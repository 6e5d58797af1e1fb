"""What is refused about cancelling an application or a transfer of credit (`PAY-5`).

PaymentsError
├── ApplicationUndone    nothing of the applied credit is on its invoices any more
└── TransferSpent        the other patient does not have all of the transferred credit any more
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


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
