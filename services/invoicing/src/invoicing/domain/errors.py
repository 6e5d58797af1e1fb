"""Why invoicing refuses something: named facts with typed data, each with the field and figures that a clerk needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.money import Money
from chassis.sentence import Sentence


class InvoicingError(Exception):
    """What invoicing refuses.

    InvoicingError
    ├── NotFound                   no such thing in this clinic
    ├── ClinicNotConfigured        the clinic has no settings yet (`INV-11`)
    ├── Invalid                    a field that cannot be used
    │   ├── WrongCurrency          not the clinic's currency (`MON-2`)
    │   ├── DiscountExceedsAmount  a discount above what it is taken from (`INV-5`)
    │   ├── TotalBelowZero         more returned than sold (`INV-14`)
    │   ├── UnknownTaxCategory     a tax category that the clinic does not have (`INV-11`)
    │   ├── PriceMissing           no price given and none in the price list
    │   ├── FeeInOtherCurrency     the clinical fee is not in the clinic's currency, and no price is given (`MON-2`)
    │   ├── EstimateExceedsLine    an insurer's share above what is left of its line (`INS-1`)
    │   ├── AmountTooLarge         more than any document asks for (`MON-1`)
    │   └── EmptyInvoice           nothing to issue
    ├── StaleVersion               changed since it was read (`ALL-3`)
    ├── NotAllIssued               of chosen drafts some cannot be issued, so none is
    ├── PricesChanged              a draft comes to something else than was seen (`MON-9`)
    ├── PriceNotReviewed           a line has no price yet, a person decides first
    ├── NothingToReview            nothing is marked for review
    ├── WrongState                 a step that the invoice's status does not allow (`INV-6`)
    ├── InvoiceHasPayments         money stands on it (`INV-8`)
    ├── ProcedureAlreadyInvoiced   the procedure is on another invoice (`INV-3`)
    ├── PlanItemAlreadyInvoiced    the plan's item is on another invoice (`INV-10`)
    ├── ProcedureNotBillable       reverted, or another patient's (`INV-1`)
    ├── CreditExceedsInvoice       more than is left to credit (`MON-5`)
    ├── NoteAlreadyUndone          a note is undone once (`INV-6`)
    ├── NoteCannotBeUndone         made by a rule, or itself an undoing (`INV-6`)
    ├── BadDebtRecovered           part of it was paid since: see `note_errors.py` (`INV-17`)
    ├── DebitNoteCredited          part of what it added was credited: see `note_errors.py` (`MON-11`)
    ├── AppointmentOfOtherPatient  an appointment named with two patients
    ├── PatientForgotten           nothing is noted of whoever was forgotten (`ALL-9`)
    ├── SettingsUnnamed            a clinic's settings exist, the change names no version (`ALL-3`)
    ├── …                          why a credit needs a second person: `credit_request_errors`
    ├── CurrencyInUse              invoices, money or prices of lists are in the present one (`MON-2`)
    ├── MoneyInOtherCurrency       another currency than the clinic's money: see `price_errors.py` (`MON-2`)
    ├── InvoicesUnknown            money settled invoices that are not known here
    ├── UnknownRounding            a document's rounding policy that this release does not know (`MON-4`)
    ├── AdjustmentUnknown          a refund was cancelled whose credit note is not known here
    ├── InvoiceHasPlan             an invoice has at most one live installment plan (`PLN-5`)
    ├── NothingOutstanding         nothing to divide into installments (`PLN-1`)
    ├── PlanEnded                  the installment plan has ended (`PLN-5`)
    ├── PlanChanged                the installment plan was changed since it was read (`ALL-3`)
    ├── OutstandingChanged         a plan divides another outstanding than there is: see `plan_errors.py` (`PLN-6`)
    ├── InstallmentSettled         nothing of an installment is unpaid: see `plan_errors.py` (`PLN-10`)
    ├── AdjudicationNotAcceptable  an insurer's decision that does not balance, or is about something else (`INS-3`)
    ├── SetAsideClosed             a decision that was set aside is not open any more
    └── BooksClosed                the day is before the books' close (`INV-11`)
    """

    field: str | None = None

    @property
    def extensions(self) -> dict[str, Any]:
        """Further members of the problem document."""
        return {}


class NotFound(InvoicingError):
    """No such thing in this clinic; `field` is where the request names it, if it is not the path that does."""

    def __init__(self, what: str, wanted: UUID, field: str | None = None) -> None:
        super().__init__(f"no {what} {wanted}")
        self.what, self.wanted, self.field = what, wanted, field


class ClinicNotConfigured(InvoicingError):
    """The clinic has no settings yet (`INV-11`)."""

    def __init__(self) -> None:
        super().__init__("the clinic has no settings yet: PUT /v1/clinic first")


class Invalid(InvoicingError):
    """A field that cannot be used."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class WrongCurrency(Invalid):
    """Not the clinic's currency (`MON-2`)."""

    def __init__(self, field: str, given: str, wanted: str) -> None:
        super().__init__(field, f"the clinic bills in {wanted}, not in {given}")


class TotalBelowZero(Invalid):
    """What is returned comes to more than what is sold: a document asks for something, or for nothing (`INV-14`)."""

    def __init__(self, total: Money) -> None:
        super().__init__(
            "lines",
            Sentence("the document comes to {total}: credit the invoice that the goods were sold on", total=total),
        )


class DiscountExceedsAmount(Invalid):
    """A discount above what it is taken from; nothing goes below zero (`INV-5`)."""

    def __init__(self, field: str, discount: Money, amount: Money) -> None:
        super().__init__(field, f"the discount of {discount} is more than the {amount} it is taken from")


class UnknownTaxCategory(Invalid):
    """A tax category that the clinic does not have (`INV-11`)."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, f"the clinic has no tax category {code!r}")


class PriceMissing(Invalid):
    """No price given and none in the price list."""

    def __init__(self, field: str, code: str | None) -> None:
        none = f", and the price list has none for code {code!r}" if code else ""
        super().__init__(field, f"no price is given{none}")


class EstimateExceedsLine(Invalid):
    """An insurer's estimated share above what the payers before it leave of its line (`INS-1`, `MON-3`)."""

    def __init__(self, field: str, share: Money, left: Money) -> None:
        super().__init__(field, f"{share} is more than the {left} that is left of the line for this payer")


class PatientForgotten(Invalid):
    """A note about a patient who was forgotten (`ALL-9`)."""

    def __init__(self, patient_id: UUID, field: str) -> None:
        super().__init__(
            field, f"patient {patient_id} was forgotten, and nothing is noted of them any more: leave it out"
        )


class AmountTooLarge(Invalid):
    """More than any document asks for: nobody could pay it, or say it in an event (`MON-1`)."""

    def __init__(self, field: str, largest: Money) -> None:
        super().__init__(
            field, Sentence("this comes to more than {largest}, the largest amount of an invoice", largest=largest)
        )


class EmptyInvoice(Invalid):
    """An invoice without lines is not issued."""

    def __init__(self) -> None:
        super().__init__("lines", "an invoice without lines cannot be issued; a charge alone is none")


class WrongState(InvoicingError):
    """A step that the invoice's status does not allow (`INV-6`)."""

    def __init__(self, invoice_id: UUID, status: str, step: str) -> None:
        super().__init__(f"invoice {invoice_id} is {status} and cannot be {step}")
        self.status = status

    @property
    def extensions(self) -> dict[str, Any]:
        """The status that stands in the way."""
        return {"status": self.status}


class InvoiceHasPayments(InvoicingError):
    """Money stands on the invoice, so it cannot become void (`INV-8`)."""

    def __init__(self, payment_ids: Sequence[UUID], settled: Money) -> None:
        named = ", ".join(str(payment_id) for payment_id in payment_ids)
        super().__init__(f"{settled} is settled on it by payments {named}; cancel them, or credit the invoice")
        self.payment_ids, self.settled = tuple(payment_ids), settled

    @property
    def extensions(self) -> dict[str, Any]:
        """The payments that stand in the way."""
        settled = {"amount": self.settled.amount, "currency": self.settled.currency}
        return {"payments": [str(payment_id) for payment_id in self.payment_ids], "settled": settled}


class ProcedureAlreadyInvoiced(InvoicingError):
    """The procedure is on another invoice that is not void (`INV-3`)."""

    def __init__(self, field: str, procedure_id: UUID, invoice_id: UUID, number: str | None) -> None:
        first = f"invoice {number}" if number else f"draft {invoice_id}"
        super().__init__(f"procedure {procedure_id} is already on {first}")
        self.field, self.procedure_id, self.invoice_id, self.number = field, procedure_id, invoice_id, number

    @property
    def extensions(self) -> dict[str, Any]:
        """The procedure, and the invoice that has it."""
        return {
            "procedure_id": str(self.procedure_id),
            "invoice_id": str(self.invoice_id),
            "invoice_number": self.number,
        }


class PlanItemAlreadyInvoiced(InvoicingError):
    """The treatment plan's item is on another invoice that is not void (`INV-10`)."""

    def __init__(self, field: str, item_id: UUID, invoice_id: UUID, number: str | None) -> None:
        first = f"invoice {number}" if number else f"draft {invoice_id}"
        super().__init__(f"treatment plan item {item_id} is already on {first}")
        self.field, self.item_id, self.invoice_id, self.number = field, item_id, invoice_id, number

    @property
    def extensions(self) -> dict[str, Any]:
        """The item, and the invoice that has it."""
        return {
            "treatment_plan_item_id": str(self.item_id),
            "invoice_id": str(self.invoice_id),
            "invoice_number": self.number,
        }


class ProcedureNotBillable(InvoicingError):
    """The procedure was reverted, or is another patient's or appointment's (`INV-1`)."""

    def __init__(self, field: str, procedure_id: UUID, why: str) -> None:
        super().__init__(f"procedure {procedure_id} {why}")
        self.field, self.procedure_id = field, procedure_id


class CreditExceedsInvoice(InvoicingError):
    """More than is left to credit, of the invoice or of one line (`MON-5`); no field where none was sent."""

    def __init__(self, field: str | None, asked: Money, left: Money) -> None:
        more = f"{asked} is more than the {left} that is left to credit"
        super().__init__(more if left.minor != 0 else "nothing is left to credit")
        self.field, self.left = field, left

    @property
    def extensions(self) -> dict[str, Any]:
        """What is left to credit."""
        return {"left": {"amount": self.left.amount, "currency": self.left.currency}}


class NoteAlreadyUndone(InvoicingError):
    """A note is undone once (`INV-6`)."""

    def __init__(self, note_id: UUID) -> None:
        super().__init__(f"note {note_id} is already undone")


class NoteCannotBeUndone(InvoicingError):
    """A note made by a rule, or itself an undoing, is not undone by hand (`INV-6`)."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a note of kind {kind} cannot be undone by hand")


class SettingsUnnamed(InvoicingError):
    """The clinic's settings exist already: a change names the version it replaces (`ALL-3`)."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the clinic's settings are at version {version}: send If-Match with it")


class CurrencyInUse(InvoicingError):
    """Invoices or money, a deposit say, exist in the present currency, so it stays (`MON-2`)."""

    field = "currency"

    def __init__(self, currency: str) -> None:
        super().__init__(f"the clinic has invoices or money in {currency}; its currency cannot change any more")


class BooksClosed(InvoicingError):
    """Nothing is dated before the books' close (`INV-11`)."""

    def __init__(self, day: date, until: date) -> None:
        super().__init__(f"nothing can be dated {day}: the books are closed until {until}")
        self.until = until

    @property
    def extensions(self) -> dict[str, Any]:
        """Until when the books are closed."""
        return {"closed_until": self.until.isoformat()}


class AppointmentOfOtherPatient(InvoicingError):
    """An appointment is named with two patients: the events contradict each other."""

    def __init__(self, appointment_id: UUID) -> None:
        super().__init__(f"appointment {appointment_id} is another patient's")


class InvoicesUnknown(InvoicingError):
    """Money settled invoices, or insurers decided on some, that their clinics do not have here (clinic, invoice)."""

    def __init__(self, invoices: Iterable[tuple[UUID, UUID]]) -> None:
        self.invoices = frozenset(invoices)
        super().__init__(f"unknown invoices {', '.join(sorted(str(invoice_id) for _, invoice_id in self.invoices))}")


class AdjustmentUnknown(InvoicingError):
    """A refund was cancelled whose credit note is not known here."""

    def __init__(self, refund_id: UUID) -> None:
        super().__init__(f"no credit note for refund {refund_id}")


class UnknownRounding(InvoicingError):
    """A document was made under a rounding policy that this release does not know: it is never guessed (`MON-4`)."""

    def __init__(self, policy: str, version: int) -> None:
        super().__init__(f"no rounding policy {policy} version {version}")


class AdjudicationNotAcceptable(InvoicingError):
    """An insurer's decision that is set aside; `cause` is the word for why (`INS-3`)."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(detail)
        self.cause, self.detail = cause, detail


class SetAsideClosed(InvoicingError):
    """A decision that was set aside has been applied or dismissed already."""

    def __init__(self, set_aside_id: UUID, state: str) -> None:
        super().__init__(f"decision {set_aside_id} that was set aside is {state} already")
        self.state = state

    @property
    def extensions(self) -> dict[str, Any]:
        """What became of it."""
        return {"state": self.state}


class StaleVersion(InvoicingError):
    """The invoice was changed since it was read (`ALL-3`)."""

    def __init__(self, invoice_id: UUID, version: int) -> None:
        super().__init__(f"invoice {invoice_id} is at version {version} by now")


class NotAllIssued(InvoicingError):
    """Of chosen drafts some cannot be issued, so none was; `failures` says why, by invoice."""

    def __init__(self, failures: Mapping[UUID, InvoicingError]) -> None:
        super().__init__(f"{len(failures)} of the drafts cannot be issued, so none was")
        self.failures = failures


class NothingToReview(InvoicingError):
    """Nothing of the invoice is marked for review."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"nothing of invoice {invoice_id} is marked for review")


class InvoiceHasPlan(InvoicingError):
    """An invoice has at most one live installment plan (`PLN-5`)."""

    def __init__(self, invoice_id: UUID, plan_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} has the live installment plan {plan_id}: reschedule or cancel that")
        self.plan_id = plan_id

    @property
    def extensions(self) -> dict[str, Any]:
        """The plan that it has."""
        return {"plan_id": str(self.plan_id)}


class NothingOutstanding(InvoicingError):
    """The invoice asks for nothing that could be divided into installments (`PLN-1`), or be bad debt (`INV-17`)."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"nothing is outstanding on invoice {invoice_id}")


class PlanEnded(InvoicingError):
    """The installment plan has ended (`PLN-5`)."""

    def __init__(self, plan_id: UUID) -> None:
        super().__init__(f"installment plan {plan_id} has ended")


class PlanChanged(InvoicingError):
    """The installment plan was changed since it was read (`ALL-3`)."""

    def __init__(self, plan_id: UUID, version: int) -> None:
        super().__init__(f"installment plan {plan_id} is at version {version} by now")
