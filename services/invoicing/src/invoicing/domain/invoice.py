"""The invoice: a draft that can change, then issued and frozen, perhaps void; notes change what it asks (`INV-6`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money
from chassis.number_patterns import format_number

from invoicing.domain.adjustments import Adjustments, DocumentCharge
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.credit_note import Creditable
from invoicing.domain.discount import Discount
from invoicing.domain.errors import (
    AmountTooLarge,
    EmptyInvoice,
    EstimateExceedsLine,
    Invalid,
    InvoiceHasPayments,
    InvoicingError,
    NoteAlreadyUndone,
    NoteCannotBeUndone,
    TotalBelowZero,
    WrongState,
)
from invoicing.domain.estimate import ExpectedShare, check_estimates, expected_shares
from invoicing.domain.line import Line
from invoicing.domain.note import (
    BAD_DEBT,
    FORGIVING,
    LOST_AGAIN,
    MADE_BY_RULE,
    RECOVERY,
    UNDOING,
    Note,
    bad_debt_sign,
    goes_with_refund,
)
from invoicing.domain.note_errors import BadDebtRecovered
from invoicing.domain.totals import Named, Pricing, Totals, by_position, check_size, total_up

StoredStatus = Literal["draft", "issued", "void"]
Status = Literal["draft", "issued", "partially_paid", "paid", "written_off", "credited", "void"]
Origin = Literal["desk", "appointment", "procedure"]


@dataclass(frozen=True, slots=True)
class Payer:
    """The insurer that is asked first."""

    id: UUID | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft says; all of it can be replaced until it is issued."""

    lines: tuple[Line, ...]
    appointment_id: UUID | None = None
    document_discount: Discount | None = None
    discounts: tuple[Discount, ...] = ()
    """Further discounts of the document, one for each tax category, say (`INV-13`)."""
    charges: tuple[DocumentCharge, ...] = ()
    note: str | None = None
    due_date: date | None = None
    payer: Payer | None = None
    price_list_id: UUID | None = None
    membership: str | None = None
    """Whose price list is asked before the payer's and the default one (`INV-19`)."""

    @property
    def adjustments(self) -> Adjustments:
        """What changes the document as a whole."""
        return Adjustments(self.document_discount, self.discounts, self.charges)


@dataclass(slots=True)
class Invoice:
    """One invoice. Amounts are integer minor units of `pricing.currency`."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    pricing: Pricing
    content: Content
    created_by: str
    created_at: datetime
    origin: Origin = "desk"
    status: StoredStatus = "draft"
    version: int = 1
    looked_at: datetime | None = None
    """When a person last said what it says; None for a draft that only the clinic's policy has made."""
    number: str | None = None
    series_number: int | None = None
    issue_date: date | None = None
    due_date: date | None = None
    issued_by: str | None = None
    issued_at: datetime | None = None
    voided_on: date | None = None
    voided_by: str | None = None
    void_reason: str | None = None
    frozen: Totals | None = None
    debited: int = 0
    credited: int = 0
    settled: int = 0
    forgiven: int = 0
    """Of what is credited, what people wrote off and did not take back."""
    contractual: int = 0
    """Of what is credited, what insurers' decisions wrote off by contract, as it stands."""
    bad_debt: int = 0
    """Of what people wrote off, what stays collectable and has not been recovered (`INV-17`)."""
    recovered: int = 0
    """Of bad debt, what later payments recovered, as it stands."""
    plan_id: UUID | None = None
    """Its live installment plan (`PLN-5`)."""
    installment_due_on: date | None = None
    """The due date of that plan's oldest unpaid installment, as it was found."""
    patient_name: str | None = None
    """As the register has it; None while it has not told."""
    notes: list[Note] = field(default_factory=list)
    issue_problem: InvoicingError | None = None
    """Why a draft cannot be issued as it is, as whoever shows it has found (`MON-9`)."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines, in order."""
        return self.content.lines

    @property
    def totals(self) -> Totals:
        """The frozen totals, or those that a draft would have if it were issued now."""
        return self.frozen or total_up(self.content.lines, self.content.adjustments, self.pricing)

    @property
    def expected_shares(self) -> list[ExpectedShare]:
        """What each insurer is expected to pay of it, in turn; an estimate, never a payment (`INS-1`)."""
        return expected_shares(line.estimates for line in self.lines)

    @property
    def patient_share(self) -> int:
        """What is left for the patient, if every insurer decides as estimated (`INS-1`)."""
        return self.totals.total - sum(share.expected + share.write_off for share in self.expected_shares)

    @property
    def asked(self) -> int:
        """What its documents ask for, or did before it became void: total + debits - credits."""
        return self.totals.total + self.debited - self.credited

    @property
    def outstanding(self) -> int:
        """What it still asks for: total + debits - credits - settled, never below zero (`INV-9`)."""
        if self.status != "issued" or self.frozen is None:
            return 0
        return max(0, self.frozen.total + self.debited - self.credited - self.settled)

    def unsettled_after(self, note: Note) -> int:
        """What it asks for and is not settled, perhaps below zero, once this note of its was made and none after it.

        Those that go with a refund count all: money went with them.
        """
        later = [one for one in self.notes[self.notes.index(note) + 1 :] if not goes_with_refund(one.kind)]
        asked_later = sum(one.amounts.total if one.side == "debit" else -one.amounts.total for one in later)
        return self.totals.total + self.debited - self.credited - self.settled - asked_later

    @property
    def shown_status(self) -> Status:
        """The status that people see; it follows the outstanding (`INV-9`)."""
        if self.status != "issued":
            return self.status
        if self.outstanding == 0:
            return self._closed_as()
        return "partially_paid" if self.settled > 0 else "issued"

    @property
    def overdue_after(self) -> date | None:
        """The last day on which it is not overdue: by its live plan, else by its due date (`INV-15`)."""
        return self.installment_due_on or self.due_date

    def is_overdue(self, today: date) -> bool:
        """Past that day by the clinic's calendar, and something is outstanding (`INV-9`)."""
        return self.overdue_after is not None and today > self.overdue_after and self.outstanding > 0

    def replace(self, content: Content, named: Named = by_position) -> None:
        """Say something else; `named` is what a refusal calls a line. Raises WrongState, and what the totals raise."""
        self._require("draft", "changed")
        check_content(content, self.pricing, named)
        self.content = content
        self.version += 1

    def require_draft(self, step: str) -> None:
        """Raises WrongState unless it is a draft."""
        self._require("draft", step)

    def check_issue(self, settings: ClinicSettings, on: date) -> date:
        """When it would be due if it were issued that day.

        Raises WrongState, EmptyInvoice, BooksClosed, MoneyInOtherCurrency, Invalid.
        """
        self._require("draft", "issued")
        require_lines(self.content)
        settings.check_books(on)
        settings.check_currency(self.pricing.currency)
        due = self.content.due_date or settings.due_date(on)
        if due < on:
            raise Invalid("due_date", f"the due date {due} is before the issue date {on}")
        return due

    def issue(self, settings: ClinicSettings, on: date, at: datetime, by: str) -> None:
        """Freeze lines, totals, issue date and due date; its number is then the last thing it gets (`INV-6`).

        Raises WrongState, EmptyInvoice, BooksClosed, MoneyInOtherCurrency, Invalid.
        """
        due = self.check_issue(settings, on)
        self.frozen = check_content(self.content, self.pricing)
        self.status, self.issue_date, self.due_date = "issued", on, due
        self.issued_by, self.issued_at = by, at
        self.version += 1

    def number_as(self, series_number: int, pattern: str) -> None:
        """Give it its number, formatted by the clinic's pattern (`INV-7`)."""
        if self.issue_date is None:
            raise WrongState(self.id, self.status, "numbered")
        self.series_number = series_number
        self.number = format_number(pattern, series_number, self.issue_date)

    def void(self, on: date, by: str, reason: str, paid_by: Sequence[UUID]) -> None:
        """Take it back as a whole; it keeps its number. Raises WrongState, InvoiceHasPayments (`INV-8`)."""
        self._require("issued", "voided")
        if self.settled or paid_by:
            raise InvoiceHasPayments(paid_by, Money(self.settled, self.pricing.currency))
        self.status, self.voided_on, self.voided_by, self.void_reason = "void", on, by, reason
        self.version += 1

    def creditable(self) -> Creditable:
        """What is left to credit. Raises WrongState unless it is issued."""
        self._require("issued", "credited")
        return self._creditable()

    def creditable_by_rule(self) -> Creditable:
        """The same for a refund that already happened, void meanwhile or not: money facts are never turned away."""
        if self.frozen is None:
            raise WrongState(self.id, self.status, "credited")
        return self._creditable()

    def require_room(self, minor: int, field: str) -> None:
        """See that it can ask for so much more. Raises AmountTooLarge naming the field."""
        largest = Money.largest(self.pricing.currency)
        if self.totals.total + self.debited - self.credited + minor > largest.minor:
            raise AmountTooLarge(field, largest)

    def add_note(self, note: Note) -> None:
        """Count a note; the invoice's version moves with it."""
        self.notes.append(note)
        if note.side == "credit":
            self.credited += note.amounts.total
        else:
            self.debited += note.amounts.total
        self._count_write_off(note)
        self.version += 1
        note.invoice_version = self.version

    def require_issued(self, step: str) -> None:
        """Raises WrongState unless it is issued."""
        self._require("issued", step)

    def undoable(self, note_id: UUID) -> Note | None:
        """The note that is to be undone; None where it is not this invoice's.

        Raises WrongState, NoteAlreadyUndone, NoteCannotBeUndone (`INV-6`).
        """
        self._require("issued", "changed by a note")
        note = next((note for note in self.notes if note.id == note_id), None)
        if note is None:
            return None
        if note.kind in UNDOING or note.kind in MADE_BY_RULE:
            raise NoteCannotBeUndone(note.kind)
        if note.undone_by_id or any(other.undoes_id == note_id for other in self.notes):
            raise NoteAlreadyUndone(note_id)
        if note.kind == BAD_DEBT and self.bad_debt < note.amounts.total:
            recovered = Money(note.amounts.total - self.bad_debt, self.pricing.currency)
            raise BadDebtRecovered(note.number, recovered)
        return note

    def _closed_as(self) -> Literal["paid", "written_off", "credited"]:
        """What closed it: without what people wrote off it would still be owed; credited whole, nothing was (`INV-16`).

        What a contract takes off was never owed: it closes an invoice only where nothing else is left of it.
        """
        whole = self.credited > 0 and self.totals.total + self.debited <= self.credited
        if self.forgiven > 0 or (whole and self.contractual > 0):
            return "written_off"
        return "credited" if whole else "paid"

    def _count_write_off(self, note: Note) -> None:
        total = note.amounts.total
        undone = next((other for other in self.notes if other.id == note.undoes_id), None)
        sign = bad_debt_sign(note.kind, undone.kind if undone else None)
        self.bad_debt += sign * total
        if note.kind in (RECOVERY, LOST_AGAIN):
            self.recovered -= sign * total
        if note.kind in FORGIVING:
            self.forgiven += total
        elif note.kind == RECOVERY or (undone is not None and undone.kind in FORGIVING):
            self.forgiven -= total
        elif note.decision_id is not None:
            self.contractual += total if note.side == "credit" else -total

    def _creditable(self) -> Creditable:
        return Creditable(self.lines, self.totals, self.pricing, self.notes)

    def _require(self, status: StoredStatus, step: str) -> None:
        if self.status != status:
            raise WrongState(self.id, self.shown_status, step)


def require_lines(content: Content) -> None:
    """See that there is something to issue: a charge alone is no invoice (EN 16931, BG-25). Raises EmptyInvoice."""
    if not content.lines:
        raise EmptyInvoice


def check_content(content: Content, pricing: Pricing, named: Named = by_position) -> Totals:
    """Its totals, no amount of which is beyond the largest, and no insurer's estimated share beyond its line.

    `named` is what the request calls a line. Raises AmountTooLarge, TotalBelowZero,
    EstimateExceedsLine, and what totals raise.
    """
    totals = total_up(content.lines, content.adjustments, pricing, named)
    check_size(content.lines, totals, pricing, named)
    if totals.total < 0:
        raise TotalBelowZero(Money(totals.total, pricing.currency))
    for line, own in zip(content.lines, totals.lines, strict=True):
        if line.estimates:
            if own.priced < 0:
                raise Invalid(f"{named(line.position)}.estimates", "no insurer decides on returned goods")
            check_estimates(line.estimates, own.priced, pricing.currency, named(line.position))
    insured = sum(one.taken for line in content.lines for one in line.estimates)
    if insured > totals.total and any(own.priced < 0 for own in totals.lines):
        asked, left = Money(insured, pricing.currency), Money(totals.total, pricing.currency)
        raise EstimateExceedsLine("lines", asked, left)
    return totals
