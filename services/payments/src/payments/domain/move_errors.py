"""What is refused about moving an allocation (`PAY-13`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class MovedToItself(PaymentsError):
    """Where it is to go is where it is."""

    field = "to"

    def __init__(self, invoice_id: UUID) -> None:
        self.invoice_id = invoice_id
        self.extensions = {"invoice_id": str(invoice_id)}
        super().__init__("that is where it is: name another invoice or installment, or null for credit")


class NothingThere(PaymentsError):
    """The payment settles nothing there that could be moved."""

    field = "from"

    def __init__(self, payment_id: UUID, invoice_id: UUID) -> None:
        self.payment_id = payment_id
        self.invoice_id = invoice_id
        self.extensions = {"payment_id": str(payment_id), "invoice_id": str(invoice_id)}
        super().__init__(
            "the payment settles nothing there, or all of it is where it is to go; its allocations say what it settles"
        )


class MoreThanIsThere(PaymentsError):
    """More than the payment settles there."""

    field = "amount"

    def __init__(self, payment_id: UUID, asked: Money, there: Money) -> None:
        self.payment_id = payment_id
        self.asked = asked
        self.there = there
        self.extensions = {"allocated": wire(there)}
        super().__init__(f"the payment settles {there} there, not {asked}")


class MoveSpent(PaymentsError):
    """What was moved to credit is not all there any more (`PAY-5`)."""

    def __init__(self, move_id: UUID, moved: Money, left: Money) -> None:
        self.move_id = move_id
        self.moved = moved
        self.left = left
        self.extensions = {"moved": wire(moved), "left": wire(left)}
        super().__init__(f"of the {moved} moved to credit, {left} is left; undo what it was used for first")
