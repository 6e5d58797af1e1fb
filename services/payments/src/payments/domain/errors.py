"""What the domain refuses, each with its facts.

PaymentsError
├── ClinicNotConfigured         the clinic's currency and zone are not known here yet
├── Unknown                     there is no such thing for this clinic
│   ├── InvoiceUnknown
│   ├── PaymentUnknown
│   ├── RefundUnknown
│   ├── InstallmentUnknown
│   ├── GroupUnknown
│   ├── TransactionUnknown
│   └── RefundRequestUnknown
├── WrongCurrency               not the clinic's currency (`MON-2`)
├── AmountNotPositive           an amount to move is above zero (`PAY-1`)
├── ReceivedInFuture            money cannot have been received tomorrow
├── InvoiceIsVoid               a void invoice takes no money (`INV-8`)
├── PatientForgotten            nothing is noted of whoever was forgotten (`ALL-9`)
├── PaymentReversed             the payment was cancelled or charged back
├── CashChargedBack             no bank takes cash back (`PAY-6`)
├── SelectionRefused            some of the selected transactions cannot be dealt with, so none is (`PAY-7`)
├── Unbalanced                  a posting's debits and credits differ: a fault of ours, never the caller's (`PAY-12`)
└── …                           what only one noun refuses stands beside it, in `<noun>_errors`

`http/problems.py` says how each of them is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.money import Money


class PaymentsError(Exception):
    """What the domain refuses. `field` names the request's field at fault, `extensions` are further facts."""

    field: str | None = None
    extensions: Mapping[str, Any] | None = None


class ClinicNotConfigured(PaymentsError):
    """The clinic's currency and zone are not known here yet."""

    def __init__(self) -> None:
        super().__init__("the clinic's settings have not been made, or have not arrived here yet")


class Unknown(PaymentsError):
    """There is no such thing for this clinic."""

    noun = "thing"

    def __init__(self, identifier: UUID, field: str | None = None) -> None:
        self.identifier = identifier
        self.field = field
        super().__init__(f"there is no {self.noun} {identifier}")


class InvoiceUnknown(Unknown):
    """No issued invoice of this id is known; its event may not have arrived yet."""

    noun = "issued invoice"


class PaymentUnknown(Unknown):
    """No payment has this id."""

    noun = "payment"


class RefundUnknown(Unknown):
    """No refund has this id."""

    noun = "refund"


class InstallmentUnknown(Unknown):
    """No live plan of the invoice has an installment of this id; its event may not have arrived yet (`PLN-2`)."""

    noun = "installment of a live plan of the invoice"


class GroupUnknown(Unknown):
    """No payment group has this id."""

    noun = "payment group"


class TransactionUnknown(Unknown):
    """No transaction has this id."""

    noun = "transaction"


class RefundRequestUnknown(Unknown):
    """No refund request has this id."""

    noun = "refund request"


class WrongCurrency(PaymentsError):
    """Not the clinic's currency (`MON-2`)."""

    def __init__(self, expected: str, field: str = "amount.currency", what: str = "the clinic's currency") -> None:
        self.expected = expected
        self.field = field
        super().__init__(f"{what} is {expected}")


class AmountNotPositive(PaymentsError):
    """An amount to move is above zero (`PAY-1`)."""

    def __init__(self, field: str = "amount") -> None:
        self.field = field
        super().__init__("the amount must be above zero")


class ReceivedInFuture(PaymentsError):
    """Money cannot have been received tomorrow."""

    field = "received_at"

    def __init__(self, now: datetime) -> None:
        super().__init__(f"it is now {now.isoformat()}: money cannot have been received later")


class InvoiceIsVoid(PaymentsError):
    """A void invoice takes no money (`INV-8`)."""

    def __init__(self, invoice_id: UUID, number: str, field: str | None = None) -> None:
        self.invoice_id = invoice_id
        self.field = field
        self.extensions = {"invoice_id": str(invoice_id), "invoice_number": number}
        super().__init__(f"invoice {number} is void")


class PatientForgotten(PaymentsError):
    """A note about a patient who was forgotten (`ALL-9`)."""

    def __init__(self, patient_id: UUID, field: str) -> None:
        super().__init__(f"patient {patient_id} was forgotten, and nothing is noted of them any more: leave it out")
        self.field = field


class PaymentReversed(PaymentsError):
    """The payment was cancelled or charged back."""

    def __init__(self, payment_id: UUID, status: str) -> None:
        self.payment_id = payment_id
        self.status = status
        self.extensions = {"payment_id": str(payment_id), "payment_status": status}
        super().__init__(f"the payment is {status.replace('_', ' ')}")


class CashChargedBack(PaymentsError):
    """No bank takes cash back: what was recorded by mistake is cancelled, what goes back is refunded (`PAY-6`)."""

    field = "payment_id"

    def __init__(self, payment_id: UUID) -> None:
        self.payment_id = payment_id
        self.extensions = {"payment_id": str(payment_id), "method": "cash"}
        super().__init__("no bank takes a payment in cash back: cancel it if it was a mistake, else refund it")


class SelectionRefused(PaymentsError):
    """Some of the selected transactions cannot be dealt with, so none is (`PAY-7`)."""

    def __init__(self, failures: Mapping[UUID, PaymentsError]) -> None:
        self.failures = dict(failures)
        super().__init__(f"{len(failures)} of the selected transactions cannot be dealt with, so nothing was changed")


class Unbalanced(PaymentsError):
    """A posting's debits and credits differ: a fault of ours, never the caller's (`PAY-12`)."""

    def __init__(self, difference_minor: int) -> None:
        self.difference_minor = difference_minor
        super().__init__(f"debits exceed credits by {difference_minor} minor units")


def wire(money: Money) -> dict[str, str]:
    """An amount as an extension of a problem document has it."""
    return {"amount": money.amount, "currency": money.currency}
