"""What the domain refuses, each with its facts.

PaymentsError
├── ClinicNotConfigured         the clinic's currency and zone are not known here yet
├── Unknown                     there is no such thing for this clinic
│   ├── InvoiceUnknown
│   ├── PaymentUnknown
│   ├── RefundUnknown
│   ├── GroupUnknown
│   ├── InstallmentUnknown
│   ├── TransactionUnknown
│   └── RefundRequestUnknown
├── WrongCurrency               not the clinic's currency (`MON-2`)
├── AmountNotPositive           an amount to move is above zero (`PAY-1`)
├── ReceivedInFuture            money cannot have been received tomorrow
├── InvoiceIsVoid               a void invoice takes no money (`INV-8`)
├── InvoiceNamedTwice           one request names an invoice once
├── MoreThanOutstanding         more than the invoices ask for, and no overpayment allowed (`PAY-2`)
├── NotAllocated                the allocations are less than the amount, and no overpayment is allowed (`PAY-2`)
├── PatientNamedTwice           one transfer names a patient once (`INS-5`)
├── PatientForgotten            nothing is noted of whoever was forgotten (`ALL-9`)
├── RemittanceUnbalanced        the payments of a transfer are not the transfer (`INS-5`)
├── AllocationsExceedAmount     the parts are more than the whole
├── RefundExceedsPayment        refunds of a payment never exceed it (`PAY-4`)
├── RefundNeedsReason           money that settled an invoice goes back for a reason other than overpayment (`PAY-4`)
├── PaymentReversed             the payment was cancelled or charged back
├── CashChargedBack             no bank takes cash back (`PAY-6`)
├── RefundStanding              a refund stands and has to be cancelled first (`PAY-5`)
├── CreditInsufficient          patient credit is never negative (`PAY-3`)
├── NothingToSettle             no invoice asks for anything
├── GroupInUse                  a payment group in use cannot be deleted (`PAY-8`)
├── GroupNameTaken              two groups of one name cannot be told apart
├── GroupArchived               an archived group takes no further payments
├── OrderIncomplete             the order of the groups names each that is not archived, once (`PAY-8`)
├── NotCancellable              what nobody recorded by mistake of its own is not cancelled (`PAY-5`)
├── NothingToRefund             all of the payment was refunded before (`PAY-4`)
├── SelectionRefused            some of the selected transactions cannot be dealt with, so none is (`PAY-7`)
├── …                           what is refused about requests for refunds: `refund_request_errors`
├── …                           what is refused about credit taken back: `cancellation_errors`
├── …                           what is refused about whose credit it is: `credit_errors`
├── …                           what is refused about references: `reference_errors`, about moves: `move_errors`
└── Unbalanced                  a posting's debits and credits differ: a fault of ours, never the caller's (`PAY-12`)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class InvoiceNamedTwice(PaymentsError):
    """One request names an invoice once."""

    def __init__(self, invoice_id: UUID, field: str) -> None:
        self.invoice_id = invoice_id
        self.field = field
        super().__init__(f"invoice {invoice_id} is named twice")


class MoreThanOutstanding(PaymentsError):
    """More than the invoices ask for, and no overpayment allowed (`PAY-2`)."""

    def __init__(
        self,
        field: str,
        surplus: Money,
        outstanding: Sequence[tuple[UUID, str, Money]],
        instead: str = "allow_overpayment keeps it as patient credit",
    ) -> None:
        self.field = field
        self.surplus = surplus
        self.outstanding = tuple(outstanding)
        named = [
            {"invoice_id": str(i), "invoice_number": number, "outstanding": wire(money)}
            for i, number, money in outstanding
        ]
        self.extensions = {"outstanding": named, "surplus": wire(surplus)}
        asked = ", ".join(f"{number} asks for {money}" for _, number, money in outstanding)
        super().__init__(f"{asked}: {surplus} too much; {instead}")


class NotAllocated(PaymentsError):
    """The allocations, each for an amount, are less than the payment, and no overpayment is allowed (`PAY-2`)."""

    field = "allocations"

    def __init__(self, left: Money) -> None:
        self.left = left
        self.extensions = {"not_allocated": wire(left)}
        super().__init__(f"{left} is not allocated: say to which invoice; allow_overpayment keeps it as patient credit")


class PatientForgotten(PaymentsError):
    """A note about a patient who was forgotten (`ALL-9`)."""

    def __init__(self, patient_id: UUID, field: str) -> None:
        super().__init__(f"patient {patient_id} was forgotten, and nothing is noted of them any more: leave it out")
        self.field = field


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


class AllocationsExceedAmount(PaymentsError):
    """The parts are more than the whole."""

    def __init__(self, allocated: Money, amount: Money, field: str = "allocations") -> None:
        self.field = field
        self.allocated = allocated
        self.amount = amount
        super().__init__(f"the allocations sum to {allocated}, more than {amount}")


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


class RefundStanding(PaymentsError):
    """A refund stands and has to be cancelled first (`PAY-5`)."""

    def __init__(self, payment_id: UUID, refund_ids: Sequence[UUID]) -> None:
        self.payment_id = payment_id
        self.refund_ids = tuple(refund_ids)
        self.extensions = {"payment_id": str(payment_id), "refund_ids": [str(r) for r in refund_ids]}
        super().__init__("a refund of the payment stands; cancel it first")


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


class GroupInUse(PaymentsError):
    """A payment group in use cannot be deleted (`PAY-8`)."""

    def __init__(self, group_id: UUID) -> None:
        self.group_id = group_id
        super().__init__("payments are in this group; archive it instead")


class GroupNameTaken(PaymentsError):
    """Two groups of one name cannot be told apart."""

    field = "name"

    def __init__(self) -> None:
        super().__init__("another payment group has this name")


class GroupArchived(PaymentsError):
    """An archived group takes no further payments."""

    field = "group_id"

    def __init__(self, group_id: UUID) -> None:
        self.group_id = group_id
        super().__init__("the payment group is archived")


class OrderIncomplete(PaymentsError):
    """The order of the groups names each that is not archived, once (`PAY-8`)."""

    field = "group_ids"

    def __init__(self, missing: Sequence[UUID], unknown: Sequence[UUID]) -> None:
        self.missing = tuple(missing)
        self.unknown = tuple(unknown)
        self.extensions = {
            "missing": [str(group_id) for group_id in missing],
            "unknown": [str(group_id) for group_id in unknown],
        }
        super().__init__("the order is of all groups that are not archived, and of no others")


class NotCancellable(PaymentsError):
    """What the bank did, what follows from something else, and a cancellation are not cancelled (`PAY-5`)."""

    def __init__(self, transaction_id: UUID, kind: str, instead: str) -> None:
        self.transaction_id = transaction_id
        self.kind = kind
        super().__init__(f"a {kind.replace('_', ' ')} of this kind is not cancelled: {instead}")


class NothingToRefund(PaymentsError):
    """All of the payment was refunded before (`PAY-4`)."""

    def __init__(self, payment_id: UUID) -> None:
        self.payment_id = payment_id
        super().__init__("nothing of the payment is left to be refunded")


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
