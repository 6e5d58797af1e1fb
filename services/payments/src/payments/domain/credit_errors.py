"""What is refused about patients' credit: how much there is, and whose (`PAY-3`, `PAY-21`, `INS-4`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class CreditInsufficient(PaymentsError):
    """Patient credit is never negative (`PAY-3`)."""

    field = "amount"

    def __init__(self, asked: Money, balance: Money) -> None:
        self.asked = asked
        self.balance = balance
        self.extensions = {"balance": wire(balance)}
        super().__init__(f"the patient's credit is {balance}, less than {asked}")


class NothingToSettle(PaymentsError):
    """No invoice asks for anything."""

    def __init__(self) -> None:
        super().__init__("no invoice named, or of the patient, asks for anything, or there is no credit")


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
