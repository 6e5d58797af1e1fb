"""What the domain refuses about insurers' transfers and what they take back (`INS-5`, `INS-9`)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire


class PatientNamedTwice(PaymentsError):
    """One transfer names a patient once: the invoices of one patient are one payment (`INS-5`)."""

    def __init__(self, patient_id: UUID, field: str) -> None:
        self.patient_id = patient_id
        self.field = field
        super().__init__(f"patient {patient_id} is named twice; list all of their invoices in one payment")


class RemittanceUnbalanced(PaymentsError):
    """The payments of an insurer's transfer are not the transfer, to the cent (`INS-5`)."""

    field = "amount"

    def __init__(self, amount: Money, total: Money) -> None:
        self.amount = amount
        self.total = total
        self.extensions = {"payments_total": wire(total)}
        super().__init__(
            f"the payments, less what is taken back and withheld, come to {total}; the transfer is {amount}"
        )


class TakenBackNowhere(PaymentsError):
    """The insurer has paid nothing on the invoice that something is to be taken back of."""

    def __init__(self, invoice_id: UUID, field: str) -> None:
        self.field = field
        self.extensions = {"invoice_id": str(invoice_id)}
        super().__init__(
            "this insurer has paid nothing on the invoice: name the payment, or state it as an adjustment of the "
            "transfer"
        )


class TakeBackExceedsPayment(PaymentsError):
    """More is taken back than the clinic still has of what the insurer paid."""

    def __init__(self, asked: Money, left: Money, field: str) -> None:
        self.field = field
        self.extensions = {"left": wire(left)}
        super().__init__(
            f"{asked} is taken back, {left} is left of what the insurer paid there: state what is beyond it as an "
            "adjustment of the transfer"
        )


class NotTheInsurers(PaymentsError):
    """The payment that is to be taken back was not paid by this insurer."""

    def __init__(self, payment_id: UUID, field: str) -> None:
        self.field = field
        self.extensions = {"payment_id": str(payment_id)}
        super().__init__("this insurer did not pay that payment: an insurer takes back only what it has paid itself")


class AdjustmentOfNothing(PaymentsError):
    """An adjustment of a transfer withholds something (above zero) or adds something (below)."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("an adjustment is above zero (withheld) or below it (added), as the insurer states it")


class PartlyTakenBack(PaymentsError):
    """A payment of which its insurer took something back happened: it is not cancelled as a mistake (`INS-9`)."""

    def __init__(self, payment_id: UUID, taken_back: Money) -> None:
        self.extensions = {"payment_id": str(payment_id), "taken_back": wire(taken_back)}
        super().__init__(
            f"the insurer took {taken_back} of the payment back: where that was a mistake, cancel the take-back first"
        )
