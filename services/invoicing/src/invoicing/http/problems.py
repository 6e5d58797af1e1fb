"""From what was refused to the problem document that says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.database.numbering import DateBeforeSeries
from chassis.database.versioned_settings import SettingsChanged
from chassis.http import FieldError, Problem, ProblemError, ProblemTable
from chassis.http.problems import INVALID, NOT_FOUND, PRECONDITION_FAILED, PRECONDITION_REQUIRED
from chassis.money import MoneyError

from invoicing.domain import credit_request_errors, errors, note_errors, plan_errors, price_errors
from invoicing.persistence import moving_figures

CURRENCY_IN_USE = Problem(409, "currency-in-use", "Amounts exist in the present currency")

PROBLEMS: ProblemTable = {
    MoneyError: INVALID,
    DateBeforeSeries: Problem(409, "date-before-series", "A later document of this series exists"),
    errors.NotFound: NOT_FOUND,
    note_errors.DebitProposalClosed: Problem(409, "debit-proposal-closed", "The proposal was decided before"),
    credit_request_errors.CreditNeedsApproval: Problem(
        409, "credit-needs-approval", "Above the clinic's limit a second person has to approve the credit"
    ),
    credit_request_errors.SecondPersonNeeded: Problem(
        403, "second-person-needed", "Nobody decides on a request of their own"
    ),
    credit_request_errors.NotTheRequester: Problem(403, "not-the-requester", "Only whoever requested it withdraws it"),
    credit_request_errors.CreditRequestDecided: Problem(
        409, "credit-request-decided", "The request was decided before"
    ),
    credit_request_errors.CreditRequestOutdated: Problem(
        409, "credit-request-outdated", "It would come to another amount by now"
    ),
    errors.ClinicNotConfigured: Problem(409, "clinic-not-configured", "The clinic has no settings yet"),
    errors.Invalid: INVALID,
    errors.WrongCurrency: Problem(422, "wrong-currency", "The clinic bills in another currency"),
    errors.DiscountExceedsAmount: Problem(
        422, "discount-exceeds-amount", "A discount is more than what it is taken from"
    ),
    errors.UnknownTaxCategory: Problem(422, "unknown-tax-category", "The clinic has no such tax category"),
    price_errors.FeeInOtherCurrency: Problem(
        422, "fee-in-other-currency", "The fee is in another currency, and no price is given"
    ),
    errors.PriceMissing: Problem(422, "price-missing", "No price is given and the price list has none"),
    errors.EstimateExceedsLine: Problem(
        422, "estimate-exceeds-line", "An insurer's share is more than what is left of its line"
    ),
    errors.PatientForgotten: Problem(422, "patient-forgotten", "The patient was forgotten"),
    errors.EmptyInvoice: Problem(422, "empty-invoice", "An invoice without lines cannot be issued"),
    errors.StaleVersion: PRECONDITION_FAILED,
    errors.WrongState: Problem(409, "wrong-state", "The invoice's status does not permit it"),
    errors.NotAllIssued: Problem(409, "not-all-issued", "Some of the drafts cannot be issued, so none was"),
    price_errors.PricesChanged: Problem(409, "prices-changed", "Its prices have changed since it was seen"),
    price_errors.PriceNotReviewed: Problem(409, "price-not-reviewed", "A procedure has no price yet"),
    errors.NothingToReview: Problem(409, "nothing-to-review", "Nothing of the invoice is marked for review"),
    errors.InvoiceHasPayments: Problem(
        409, "invoice-has-payments", "Money is settled on the invoice", 1, moving_figures.invoice
    ),
    errors.ProcedureAlreadyInvoiced: Problem(409, "procedure-already-invoiced", "The procedure is on another invoice"),
    errors.PlanItemAlreadyInvoiced: Problem(409, "plan-item-already-invoiced", "The plan's item is on another invoice"),
    errors.ProcedureNotBillable: Problem(422, "procedure-not-billable", "The procedure cannot be billed here"),
    errors.CreditExceedsInvoice: Problem(
        422, "credit-exceeds-invoice", "More than is left to credit", 1, moving_figures.invoice
    ),
    errors.NoteAlreadyUndone: Problem(409, "note-already-undone", "The note is undone already"),
    errors.NoteCannotBeUndone: Problem(409, "note-cannot-be-undone", "The note cannot be undone by hand"),
    note_errors.BadDebtRecovered: Problem(409, "bad-debt-recovered", "Part of the bad debt was recovered"),
    note_errors.DebitNoteCredited: Problem(
        409, "debit-note-credited", "Part of the debit note was credited", 1, moving_figures.invoice
    ),
    errors.SettingsUnnamed: PRECONDITION_REQUIRED,
    SettingsChanged: PRECONDITION_FAILED,
    errors.CurrencyInUse: CURRENCY_IN_USE,
    price_errors.PricesInCurrency: CURRENCY_IN_USE,
    price_errors.MoneyInOtherCurrency: Problem(
        409, "money-in-other-currency", "The clinic's money is in another currency than the document"
    ),
    errors.InvoiceHasPlan: Problem(409, "invoice-has-plan", "The invoice has a live installment plan"),
    errors.NothingOutstanding: Problem(
        409, "nothing-outstanding", "Nothing is outstanding on the invoice", 1, moving_figures.invoice
    ),
    errors.PlanEnded: Problem(409, "plan-ended", "The installment plan has ended"),
    errors.PlanChanged: PRECONDITION_FAILED,
    plan_errors.OutstandingChanged: Problem(
        409, "outstanding-changed", "Another amount is outstanding by now", 1, moving_figures.invoice
    ),
    plan_errors.InstallmentSettled: Problem(
        409, "installment-settled", "Nothing of the installment is unpaid", 1, moving_figures.invoice
    ),
    errors.InvoicesUnknown: Problem(409, "invoice-not-issued", "The invoice is not known, or not issued yet"),
    errors.SetAsideClosed: Problem(409, "set-aside-closed", "The decision was applied or dismissed already"),
    errors.BooksClosed: Problem(409, "books-closed", "The books are closed for that day"),
}


def not_all_issued(refused: errors.NotAllIssued, asked: Sequence[UUID]) -> ProblemError:
    """The problem that names each draft that failed, and why as its own problem would say."""
    failures = [(place, id_, refused.failures[id_]) for place, id_ in enumerate(asked) if id_ in refused.failures]
    return ProblemError(
        PROBLEMS[errors.NotAllIssued],
        str(refused),
        errors=[FieldError(f"invoice_ids[{place}]", str(error)) for place, _, error in failures],
        extensions={"failures": [_failure(id_, error) for _, id_, error in failures]},
    )


def _failure(invoice_id: UUID, error: errors.InvoicingError) -> dict[str, Any]:
    problem = problem_of(error)
    named = {"invoice_id": str(invoice_id), "type": problem.type, "title": problem.title, "detail": str(error)}
    return named | ({"field": error.field} if error.field else {}) | error.extensions


def problem_of(error: errors.InvoicingError) -> Problem:
    """What kind of problem a refusal is."""
    return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)
