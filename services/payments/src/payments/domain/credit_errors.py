"""What is refused because of whose credit it is (`PAY-3`, `PAY-21`, `INS-4`).

PaymentsError
├── CreditHeldByOthers       what another patient holds of a payment is theirs to withdraw (`PAY-21`)
├── InsurersCreditUnnamed    an insurer's credit settles the invoices that are named, and no others (`INS-4`)
└── SamePatient              credit is transferred to another patient
"""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class CreditHeldByOthers(PaymentsError):
    """What another patient holds of a payment is theirs to withdraw, or to be transferred back first (`PAY-21`)."""

    field = "amount"

    def __init__(self, payment_id: UUID, left: Money, others: Money) -> None:
        self.payment_id = payment_id
        self.left = left
        self.others = others
        self.extensions = {"refundable": wire(left), "held_by_others": wire(others)}
        super().__init__(
            f"{left} of the payment can be refunded; {others} of it is another patient's credit: withdraw it for that "
            "patient, or transfer it back first"
        )


class InsurersCreditUnnamed(PaymentsError):
    """What an insurer overpaid settles the invoices that somebody names, and no others (`INS-4`)."""

    field = "allocations"

    def __init__(self) -> None:
        super().__init__("name the invoices that an insurer's credit is to settle")


class SamePatient(PaymentsError):
    """Credit is transferred to another patient."""

    field = "to_patient_id"

    def __init__(self) -> None:
        super().__init__("the credit is this patient's already")
