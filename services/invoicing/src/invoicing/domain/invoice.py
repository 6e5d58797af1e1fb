"""The invoice: a draft that can change, then issued and frozen, perhaps void; notes change what it asks (`INV-6`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from chassis.money import Money
from chassis.number_patterns import format_number
from chassis.sentence import Sentence

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.content import Content, check_content, require_lines
from invoicing.domain.credit_note import Creditable
from invoicing.domain.errors import (
    AmountTooLarge,
    Invalid,
    InvoiceHasPayments,
    InvoicingError,
    NoteAlreadyUndone,
    NoteCannotBeUndone,
    WrongState,
)
from invoicing.domain.estimate import ExpectedShare, expected_shares
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
    credited_for_refunds,
    goes_with_refund,
)
from invoicing.domain.note_errors import BadDebtRecovered
from invoicing.domain.totals import Named, Pricing, Totals, by_position, total_up

StoredStatus = Literal["draft", "issued", "void"]
Status = Literal["draft", "issued", "partially_paid", "paid", "written_off", "credited", "void"]
Origin = Literal["desk", "appointment", "procedure"]


@dataclass(slots=True)
class Invoice(ABC):
    """One invoice: a DraftInvoice, an IssuedInvoice or a VoidInvoice. Amounts are minor units of `pricing.currency`."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    pricing: Pricing
    content: Content
    created_by: str
    created_at: datetime
    origin: Origin = "desk"
    version: int = 1
    looked_at: datetime | None = None
    """When a person last said what it says; None for a draft that only the clinic's policy has made."""
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

    status: ClassVar[StoredStatus]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines, in order."""
        return self.content.lines

    @property
    @abstractmethod
    def totals(self) -> Totals:
        """The frozen totals, or those that a draft would have if it were issued now."""

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
    def asked_of_lines(self) -> int:
        """What its own lines ask for, whatever refunds had credited: insurers are asked for no more (`INS-4`).

        What debit notes added is the patient's. Of an invoice that was found with its notes.
        """
        return self.totals.total

    @property
    def outstanding(self) -> int:
        """What it still asks for: nothing, unless it is issued and not void (`INV-9`)."""
        return 0

    @property
    def shown_status(self) -> Status:
        """The status that people see; it follows the outstanding (`INV-9`)."""
        return self.status

    def is_overdue(self, today: date) -> bool:
        """Whether something is outstanding that was due by the clinic's calendar (`INV-9`)."""
        del today
        return False

    def require_draft(self, step: str) -> DraftInvoice:
        """The draft that it is. Raises WrongState."""
        raise WrongState(self.id, self.shown_status, step)

    def require_frozen(self, step: str) -> FrozenInvoice:
        """The invoice that was issued, void meanwhile or not. Raises WrongState."""
        raise WrongState(self.id, self.shown_status, step)

    def require_issued(self, step: str) -> IssuedInvoice:
        """The issued invoice that it is, and not void. Raises WrongState."""
        raise WrongState(self.id, self.shown_status, step)

    def creditable(self) -> Creditable:
        """What is left to credit. Raises WrongState unless it is issued."""
        return self.require_issued("credited").creditable_by_rule()

    def creditable_by_rule(self) -> Creditable:
        """The same for a refund that already happened, void meanwhile or not: money facts are never turned away."""
        raise WrongState(self.id, self.shown_status, "credited")

    def unsettled_after(self, note: Note) -> int:
        """What it asks for and is not settled, perhaps below zero, once this note of its was made and none after it.

        Those that go with a refund count all: money went with them.
        """
        later = [one for one in self.notes[self.notes.index(note) + 1 :] if not goes_with_refund(one.kind)]
        asked_later = sum(one.amounts.total if one.side == "debit" else -one.amounts.total for one in later)
        return self.totals.total + self.debited - self.credited - self.settled - asked_later

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
        note.asked_of_lines_minor = self.asked_of_lines

    def undoable(self, note_id: UUID) -> Note | None:
        """The note that is to be undone; None where it is not this invoice's.

        Raises WrongState, NoteAlreadyUndone, NoteCannotBeUndone (`INV-6`).
        """
        self.require_issued("changed by a note")
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


@dataclass(slots=True)
class DraftInvoice(Invoice):
    """What is to be asked: all that it says can be replaced until it is issued (`INV-6`)."""

    issue_problem: InvoicingError | None = None
    """Why it cannot be issued as it is, as whoever shows it has found (`MON-9`)."""

    status = "draft"

    @property
    def totals(self) -> Totals:
        """The totals that it would have if it were issued now."""
        return total_up(self.content.lines, self.content.adjustments, self.pricing)

    def require_draft(self, step: str) -> DraftInvoice:
        """Itself."""
        del step
        return self

    def replace(self, content: Content, named: Named = by_position) -> None:
        """Say something else; `named` is what a refusal calls a line. Raises what the totals raise."""
        check_content(content, self.pricing, named)
        self.content = content
        self.version += 1

    def check_issue(self, settings: ClinicSettings, on: date) -> date:
        """When it would be due if it were issued that day.

        Raises EmptyInvoice, BooksClosed, MoneyInOtherCurrency, Invalid.
        """
        require_lines(self.content)
        settings.check_books(on)
        settings.check_currency(self.pricing.currency)
        due = self.content.due_date or settings.due_date(on)
        if due < on:
            raise Invalid("due_date", Sentence("the due date {due} is before the issue date {on}", due=due, on=on))
        return due

    def issue(self, settings: ClinicSettings, on: date, at: datetime, by: str) -> UnnumberedInvoice:
        """Freeze lines, totals, issue date and due date; its number is then the last thing it gets (`INV-6`).

        Raises EmptyInvoice, BooksClosed, MoneyInOtherCurrency, Invalid.
        """
        due = self.check_issue(settings, on)
        members = _members(self, "issue_problem") | {"version": self.version + 1}
        totals = check_content(self.content, self.pricing)
        return UnnumberedInvoice(**members, issue_date=on, due_date=due, issued_at=at, issued_by=by, frozen=totals)


@dataclass(slots=True, kw_only=True)
class _Frozen(Invoice):
    issue_date: date
    due_date: date
    issued_at: datetime
    issued_by: str
    frozen: Totals

    @property
    def totals(self) -> Totals:
        """The frozen totals."""
        return self.frozen

    @property
    def overdue_after(self) -> date:
        """The last day on which it is not overdue: by its live plan, else by its due date (`INV-15`)."""
        return self.installment_due_on or self.due_date

    @property
    def asked_of_lines(self) -> int:
        """What its documents ask for, refunds' notes apart, without what is left of its debit notes."""
        debited = any(note.side == "debit" and note.kind not in UNDOING for note in self.notes)
        of_debit_notes = self.creditable_by_rule().left_of_debit_notes if debited else 0
        return max(0, self.asked + credited_for_refunds(self.notes) - of_debit_notes)

    def creditable_by_rule(self) -> Creditable:
        """What is left to credit, void meanwhile or not."""
        return Creditable(self.lines, self.totals, self.pricing, self.notes)


@dataclass(slots=True, kw_only=True)
class UnnumberedInvoice(_Frozen):
    """A draft that was frozen and has no number yet: for a moment, as others of the clinic wait for the next number."""

    status = "issued"

    def number_as(self, series_number: int, pattern: str) -> IssuedInvoice:
        """The issued invoice, its number written by the clinic's pattern (`INV-7`)."""
        number = format_number(pattern, series_number, self.issue_date)
        return IssuedInvoice(**_members(self), series_number=series_number, number=number)


@dataclass(slots=True, kw_only=True)
class FrozenInvoice(_Frozen):
    """An invoice that was issued, void by now or not: frozen, dated and numbered (`INV-6`)."""

    number: str
    series_number: int

    def require_frozen(self, step: str) -> FrozenInvoice:
        """Itself."""
        del step
        return self


@dataclass(slots=True, kw_only=True)
class IssuedInvoice(FrozenInvoice):
    """An invoice that asks for what its documents say and nobody has settled yet."""

    status = "issued"

    @property
    def outstanding(self) -> int:
        """What it still asks for: total + debits - credits - settled, never below zero (`INV-9`)."""
        return max(0, self.asked - self.settled)

    @property
    def shown_status(self) -> Status:
        """The status that people see; it follows the outstanding (`INV-9`)."""
        if self.outstanding == 0:
            return self._closed_as()
        return "partially_paid" if self.settled > 0 else "issued"

    def is_overdue(self, today: date) -> bool:
        """Past its last day by the clinic's calendar, and something is outstanding (`INV-9`)."""
        return today > self.overdue_after and self.outstanding > 0

    def require_issued(self, step: str) -> IssuedInvoice:
        """Itself."""
        del step
        return self

    def void(self, on: date, by: str, reason: str, paid_by: Sequence[UUID]) -> VoidInvoice:
        """It, taken back as a whole, under the same number. Raises InvoiceHasPayments (`INV-8`)."""
        if self.settled or paid_by:
            raise InvoiceHasPayments(paid_by, Money(self.settled, self.pricing.currency))
        members = _members(self) | {"version": self.version + 1}
        return VoidInvoice(**members, voided_on=on, voided_by=by, void_reason=reason)

    def _closed_as(self) -> Literal["paid", "written_off", "credited"]:
        """What closed it: without what people wrote off it would still be owed; credited whole, nothing was (`INV-16`).

        What a contract takes off was never owed: it closes an invoice only where nothing else is left of it.
        """
        whole = self.credited > 0 and self.totals.total + self.debited <= self.credited
        if self.forgiven > 0 or (whole and self.contractual > 0):
            return "written_off"
        return "credited" if whole else "paid"


@dataclass(slots=True, kw_only=True)
class VoidInvoice(FrozenInvoice):
    """An invoice that was taken back as a whole and asks for nothing; it keeps its number (`INV-8`)."""

    voided_on: date
    voided_by: str
    void_reason: str

    status = "void"


def _members(invoice: Invoice, *without: str) -> dict[str, Any]:
    return {one.name: getattr(invoice, one.name) for one in fields(invoice) if one.name not in without}


def drafts_of(invoices: Iterable[Invoice]) -> list[DraftInvoice]:
    """Those of these that are drafts."""
    return [invoice for invoice in invoices if isinstance(invoice, DraftInvoice)]
