"""What is refused about refunds (`PAY-4`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class RefundExceedsPayment(PaymentsError):
    """Refunds of a payment never exceed it (`PAY-4`)."""

    field = "amount"

    def __init__(self, payment_id: UUID, asked: Money, left: Money) -> None:
        self.payment_id = payment_id
        self.asked = asked
        self.left = left
        self.extensions = {"refundable": wire(left)}
        super().__init__(f"{left} of the payment can be refunded, not {asked}")


class RefundNeedsReason(PaymentsError):
    """Money that settled an invoice goes back for a reason other than overpayment (`PAY-4`)."""

    field = "reason_code"

    def __init__(self, payment_id: UUID, unallocated: Money) -> None:
        self.payment_id = payment_id
        self.unallocated = unallocated
        self.extensions = {"unallocated": wire(unallocated)}
        super().__init__(
            f"{unallocated} of it is credit. If a credit note was just made, wait until it is heard of here. Another "
            "reason gives back what settles an invoice, which then asks for as much less"
        )


class NothingToRefund(PaymentsError):
    """All of the payment was refunded before (`PAY-4`)."""

    def __init__(self, payment_id: UUID) -> None:
        self.payment_id = payment_id
        super().__init__("nothing of the payment is left to be refunded")
