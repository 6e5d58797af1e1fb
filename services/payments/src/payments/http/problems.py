"""Which HTTP answer each refusal of the domain is."""

from __future__ import annotations

from chassis.database.versioned_settings import SettingsChanged
from chassis.http import Problem
from chassis.http.problems import PRECONDITION_FAILED

from payments.domain import (
    allocation_errors,
    cancellation_errors,
    credit_errors,
    errors,
    move_errors,
    named_allocation,
    payment_group_errors,
    reference_errors,
    refund_errors,
    refund_request_errors,
    refundable_lines,
    remittance_errors,
)
from payments.persistence import moving_figures

PROBLEMS: dict[type[Exception], Problem] = {
    SettingsChanged: PRECONDITION_FAILED,
    errors.ClinicNotConfigured: Problem(
        409, "clinic-not-configured", "The clinic is not configured, or not yet", retry_after_seconds=1
    ),
    errors.InvoiceUnknown: Problem(
        404, "invoice-unknown", "The invoice is not known here, or not yet", retry_after_seconds=1
    ),
    errors.PaymentUnknown: Problem(404, "payment-unknown", "There is no such payment"),
    errors.RefundUnknown: Problem(404, "refund-unknown", "There is no such refund"),
    errors.InstallmentUnknown: Problem(
        422,
        "installment-unknown",
        "The invoice has no live plan with this installment, or not yet",
        retry_after_seconds=1,
    ),
    errors.GroupUnknown: Problem(404, "payment-group-unknown", "There is no such payment group"),
    errors.TransactionUnknown: Problem(404, "transaction-unknown", "There is no such transaction"),
    errors.RefundRequestUnknown: Problem(404, "refund-request-unknown", "There is no such refund request"),
    errors.WrongCurrency: Problem(422, "wrong-currency", "It is not the clinic's currency"),
    errors.AmountNotPositive: Problem(422, "amount-not-positive", "The amount must be above zero"),
    errors.ReceivedInFuture: Problem(422, "received-in-future", "Money cannot have been received in the future"),
    errors.InvoiceIsVoid: Problem(409, "invoice-void", "The invoice is void"),
    allocation_errors.InvoiceNamedTwice: Problem(422, "invoice-named-twice", "An invoice is named twice"),
    allocation_errors.MoreThanOutstanding: Problem(
        422, "more-than-outstanding", "The amount is more than what is outstanding", 1, moving_figures.asked
    ),
    allocation_errors.NotAllocated: Problem(422, "not-allocated", "A part of the amount is not allocated"),
    errors.PatientForgotten: Problem(422, "patient-forgotten", "The patient was forgotten"),
    remittance_errors.PatientNamedTwice: Problem(422, "patient-named-twice", "A patient is named twice"),
    remittance_errors.RemittanceUnbalanced: Problem(422, "remittance-unbalanced", "The payments are not the transfer"),
    remittance_errors.TakenBackNowhere: Problem(
        422, "taken-back-nowhere", "The insurer has paid nothing of what is to be taken back"
    ),
    remittance_errors.TakeBackExceedsPayment: Problem(
        422, "take-back-exceeds-payment", "More is taken back than is left of what the insurer paid"
    ),
    remittance_errors.NotTheInsurers: Problem(422, "not-the-insurers-payment", "The payment is somebody else's"),
    remittance_errors.AdjustmentOfNothing: Problem(422, "adjustment-of-nothing", "The adjustment is of nothing"),
    remittance_errors.PartlyTakenBack: Problem(
        409, "payment-partly-taken-back", "The insurer took a part of the payment back"
    ),
    allocation_errors.AllocationsExceedAmount: Problem(
        422, "allocations-exceed-amount", "The allocations are more than the amount"
    ),
    refund_errors.RefundExceedsPayment: Problem(
        422, "refund-exceeds-payment", "The refund exceeds what is left of the payment"
    ),
    credit_errors.CreditHeldByOthers: Problem(
        409, "credit-held-by-another-patient", "A part of the payment is another patient's credit"
    ),
    refund_errors.RefundNeedsReason: Problem(
        422,
        "refund-needs-reason",
        "A refund beyond the overpaid part needs a reason other than overpayment",
        1,
        moving_figures.unallocated,
    ),
    errors.PaymentReversed: Problem(409, "payment-reversed", "The payment was cancelled or charged back"),
    errors.CashChargedBack: Problem(422, "cash-charged-back", "No bank takes a payment in cash back"),
    cancellation_errors.RefundStanding: Problem(
        409, "refund-standing", "A refund of the payment has to be cancelled first"
    ),
    credit_errors.CreditInsufficient: Problem(
        422, "credit-insufficient", "The patient's credit is less than that", 1, moving_figures.credit
    ),
    credit_errors.InsurersCreditUnnamed: Problem(
        422, "insurers-credit-unnamed", "An insurer's credit settles only invoices that are named"
    ),
    credit_errors.NothingToSettle: Problem(
        409, "nothing-to-settle", "There is nothing to settle", 1, moving_figures.credit
    ),
    credit_errors.SamePatient: Problem(422, "same-patient", "Credit is transferred to another patient"),
    payment_group_errors.GroupInUse: Problem(409, "payment-group-in-use", "The payment group is in use"),
    payment_group_errors.GroupNameTaken: Problem(
        409, "payment-group-name-taken", "Another payment group has this name"
    ),
    payment_group_errors.GroupArchived: Problem(409, "payment-group-archived", "The payment group is archived"),
    payment_group_errors.OrderIncomplete: Problem(
        409, "payment-group-order-incomplete", "The order is not of all payment groups"
    ),
    cancellation_errors.NotCancellable: Problem(422, "not-cancellable", "A transaction of this kind is not cancelled"),
    cancellation_errors.ApplicationUndone: Problem(
        409, "application-undone", "Nothing of the applied credit is on its invoices any more"
    ),
    cancellation_errors.TransferSpent: Problem(
        409, "transfer-spent", "The other patient does not have all of the transferred credit any more"
    ),
    named_allocation.LessSettledThere: Problem(
        422, "less-settled-there", "The payment settles less of the invoice than is to come from it"
    ),
    refundable_lines.LinesHaveLess: Problem(
        422, "lines-have-less", "Less is left to credit of the lines than is to come from them", 1, moving_figures.lines
    ),
    refundable_lines.LineUnknown: Problem(
        422, "line-unknown", "The invoice has no such line, or not yet", 1, moving_figures.lines
    ),
    refund_errors.NothingToRefund: Problem(409, "nothing-to-refund", "All of the payment was refunded before"),
    errors.SelectionRefused: Problem(
        409,
        "selection-refused",
        "Some of the selected transactions cannot be dealt with, so none was",
        1,
        moving_figures.selected,
    ),
    move_errors.MovedToItself: Problem(422, "moved-to-itself", "It is where it is to go"),
    move_errors.NothingThere: Problem(409, "nothing-to-move", "The payment settles nothing there that could be moved"),
    move_errors.MoreThanIsThere: Problem(422, "more-than-allocated", "The payment settles less than that there"),
    move_errors.MoveSpent: Problem(409, "move-spent", "What was moved to credit is not all there any more"),
    reference_errors.ReferenceUsed: Problem(
        409, "reference-used", "A payment of the same payer and method has this reference"
    ),
    refund_request_errors.RefundNeedsApproval: Problem(
        409, "refund-needs-approval", "Above the clinic's limit a second person has to approve"
    ),
    refund_request_errors.CancellationNeedsApproval: Problem(
        409, "cancellation-needs-approval", "Above the clinic's limit a second person has to approve the cancellation"
    ),
    refund_request_errors.SecondPersonNeeded: Problem(
        403, "second-person-needed", "Nobody decides on a request of their own"
    ),
    refund_request_errors.NotTheRequester: Problem(403, "not-the-requester", "Only whoever requested it withdraws it"),
    refund_request_errors.RefundRequestDecided: Problem(
        409, "refund-request-decided", "The request was decided before"
    ),
}
