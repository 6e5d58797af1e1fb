"""An installment plan: an invoice's outstanding on several days, changed by versions, ended once (`PLN-1`, `PLN-5`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from invoicing.domain.asked_by_notes import as_they_stand, asked_less, asked_more
from invoicing.domain.changed_alone import cancelled, last_but, moved
from invoicing.domain.errors import Invalid, NotFound, NothingOutstanding, PlanEnded
from invoicing.domain.installment import Cause, Installment, PlanVersion, SettlementEntry, by_day
from invoicing.domain.installment_balances import Going, InstallmentBalance, InstallmentBalances
from invoicing.domain.installment_schedule import Part, Terms
from invoicing.domain.note import BY_CONTRACT, Note, takes_back_a_write_off
from invoicing.domain.plan_errors import InstallmentSettled
from invoicing.domain.plan_history import (
    History,
    NewId,
    before_which,
    beginning,
    fresh,
    gone_through,
    history_of,
    rescheduled,
    unaware_of,
)
from invoicing.domain.undone_note import without_undone

UNKNOWN_THEN = "a payment that was recorded before this was agreed was not known yet"
GIVEN_THEN = f"{UNKNOWN_THEN}: the amounts stay as they were given, and it settles the oldest"
COUNTED_THEN = "what was recorded before its last change is counted, of which that did not know"
"""Why a plan changes by itself (`PLN-6`)."""


@dataclass(frozen=True, slots=True)
class Decided:
    """When a change of a plan is decided, by whom and why, and on which version of its invoice."""

    at: datetime
    by: str
    reason: str | None
    invoice_version: int
    note_id: UUID | None = None
    terms: Terms | None = None
    """How it is divided, where it is."""


@dataclass(slots=True)
class InstallmentPlan:
    """One plan of one invoice; `entries` is what was settled on that invoice. Amounts are minor units."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID
    invoice_id: UUID
    invoice_number: str
    currency: str
    agreed_on: date
    versions: list[PlanVersion] = field(default_factory=list)
    ended: bool = False
    included: int = 0
    """What had been settled on the invoice by then and belongs to the agreement, which already ran (`PLN-9`)."""
    recorded_on: date | None = None
    """The day on which it was recorded; of days before it only what is due first is said."""
    outstanding: int = 0
    """What its invoice asks for, as it was found."""
    followed_at: int | None = None
    """The invoice's version at which the plan after it was agreed: what is outstanding since is that one's."""
    entries: Sequence[SettlementEntry] = ()
    kept: int = 0
    """The version that it was found at; those after it are this transaction's."""

    @property
    def version(self) -> int:
        """Counts its changes."""
        return self.versions[-1].number

    @property
    def installments(self) -> tuple[Installment, ...]:
        """As they were last decided, by due date."""
        return self.versions[-1].installments

    def standing(self) -> InstallmentBalances:
        """What of each installment is paid (`PLN-3`); once it has ended, within what its invoice asks for (`PLN-8`)."""
        if self.followed_at is not None:
            own = [entry for entry in self.entries if entry.counted <= self.followed_at]
            return history_of(self.versions, own).standing(self.included).within(0)
        derived = history_of(self.versions, self.entries).standing(self.included)
        return derived.within(self.outstanding) if self.ended else derived

    def one(self, installment_id: UUID) -> InstallmentBalance:
        """One installment as it stands; what the plan has no more was cancelled as it was last. Raises NotFound."""
        standing = self.standing().of(installment_id)
        if standing is not None:
            return standing
        for version in reversed(self.versions):
            for installment in version.installments:
                if installment.id == installment_id:
                    return InstallmentBalance(installment, installment.amount, 0, dropped=installment.amount)
        raise NotFound("installment", installment_id)

    def agree(self, parts: Sequence[Part], decided: Decided, new_id: NewId) -> None:
        """Begin with these parts."""
        self._next("agreed", fresh(parts, iter(new_id, None)), decided)

    def reschedule(self, divide: Callable[[int], Sequence[Part]], decided: Decided, new_id: NewId) -> None:
        """Divide the unpaid part anew; what is paid stays, with its installment and day.

        Raises PlanEnded, NothingOutstanding, and what `divide` raises.
        """
        self._require_live()
        standing = self.standing()
        if standing.remaining == 0:
            raise NothingOutstanding(self.invoice_id)
        parts = divide(standing.remaining)
        self._next("rescheduled", rescheduled(standing, parts, iter(new_id, None)), decided)

    def credit(self, minor: int, decided: Decided) -> None:
        """A credit note took so much off: the latest unpaid first, then of what is paid the latest (`PLN-2`).

        What was paid and is asked no more is surplus. Where nothing is left to ask for, the plan ends as it stood.
        """
        self._go_on("invoice_credited", asked_less(self.standing(), minor), decided)

    def debit(self, minor: int, due_date: date, decided: Decided, new_id: NewId) -> None:
        """A debit note added so much: the last installment asks for it, or a further one where the last is paid."""
        self._next("invoice_debited", asked_more(self.standing(), minor, new_id(), due_date), decided)

    def undo(self, notes: Sequence[Note], unsettled: int, due_date: date, decided: Decided, new_id: NewId) -> None:
        """The last of these notes undoes another: the plan is again what it would be without that one (`PLN-7`).

        It lives again where a credit note had ended it. `unsettled` is what the invoice asks for beyond what is settled
        once this note is made, perhaps below zero.
        """
        cause: Cause = "invoice_debited" if notes[-1].side == "debit" else "invoice_credited"
        history = history_of(self.versions, self.entries)
        going = Going(history.versions[0], history.entries, self.included)
        left = without_undone(going, history.versions, notes, unsettled, due_date, new_id())
        self._go_on(cause, left, decided)

    def hear(self, notes: Sequence[Note], decided: Decided, new_id: NewId) -> None:
        """Be as it would be, where what was just counted had been recorded before a change of it (`PLN-6`).

        `decided` says by which version of the invoice it was counted. Where nothing had been outstanding to be divided,
        it ends; and lives again once that turns out otherwise. Given amounts stay, and the money settles the oldest.
        Where that changes no installment, a version says all the same what of each is paid: the last one did not.
        """
        if self.followed_at is not None or (self.ended and self.versions[-1].cause != "divided_anew"):
            return
        found, told = self.version, self._as_told(decided.invoice_version)
        self._divide_anew(notes, decided, new_id)
        if self.version == found and not self.ended and _said(self.standing()) != _said(told):
            self._next("divided_anew", as_they_stand(self.standing()), replace(decided, reason=COUNTED_THEN))

    def _as_told(self, counted: int) -> InstallmentBalances:
        """As it stood without what was counted by this version of the invoice and recorded before the last change."""
        last = self.versions[-1]
        known = [
            entry
            for entry in self.entries
            if entry.counted != counted or last not in before_which(entry, self.versions)
        ]
        return history_of(self.versions, known).standing(self.included)

    def _divide_anew(self, notes: Sequence[Note], decided: Decided, new_id: NewId) -> None:
        history = history_of(self.versions, self.entries)
        known = history.versions
        late = [one for one in zip(self.entries, history.entries, strict=True) if unaware_of(one[1], known)]
        if not any(one.change and one.counted == decided.invoice_version for one, _ in late):
            return
        places = sorted({known.index(version) for _, entry in late for version in unaware_of(entry, known)})
        decided = replace(decided, reason=UNKNOWN_THEN)
        if places[0] == 0 and self._with(known[:1], decided).divided <= self.included:
            self._next("divided_anew", known[0].installments, decided, instead_of=known[0].number)
            self.ended = True
        elif not any(self._go_through(known, first, notes, decided, new_id) for first in places) and not self.ended:
            self._next("divided_anew", as_they_stand(self.standing()), replace(decided, reason=GIVEN_THEN))

    def _with(self, anew: Sequence[PlanVersion], decided: Decided) -> History:
        """Its history once these versions are gone through again, with what is counted by now."""
        again = [
            replace(version, instead_of=version.number, invoice_version=decided.invoice_version) for version in anew
        ]
        return history_of([*self.versions, *again], self.entries)

    def _go_through(
        self, known: Sequence[PlanVersion], first: int, notes: Sequence[Note], decided: Decided, new_id: NewId
    ) -> bool:
        """Go through it again from a place on, unless that comes to what it is; False where terms cannot divide."""
        first = beginning(known, first, notes)
        history, standing, version = self._with(known[first:], decided), self.standing(), self.version
        try:
            made = gone_through(history, first, self.included, notes, new_id)
        except Invalid:
            return False
        for one, installments in zip(known[first:], made, strict=True):
            self._next("divided_anew", installments, decided, instead_of=one.number)
        if not self.ended and self.standing() == standing:
            self.versions = [one for one in self.versions if one.number <= version]
        self.ended = False
        return True

    def move(self, installment_id: UUID, due_date: date, decided: Decided) -> None:
        """Have one due on another day (`PLN-10`). Raises PlanEnded, NotFound, InstallmentSettled, Invalid."""
        one = self._unpaid(installment_id)
        if one.installment.due_date == due_date:
            raise Invalid("due_date", "is its due date already")
        self._next("installment_moved", moved(self.standing(), installment_id, due_date), decided)

    def cancel_installment(self, installment_id: UUID, to_id: UUID | None, decided: Decided) -> None:
        """Have another installment, the named or the last, ask for what remains of one (`PLN-10`).

        Raises PlanEnded, NotFound, InstallmentSettled, Invalid.
        """
        self._unpaid(installment_id)
        standing = self.standing()
        others = [
            installment.installment.id
            for installment in standing.installments
            if installment.installment.id != installment_id
        ]
        if to_id is not None and to_id not in others:
            raise Invalid("to_installment_id", "is not another installment of the plan")
        to = [to_id] if to_id else last_but(standing, installment_id)
        if not to:
            raise Invalid("to_installment_id", "the plan has no other installment: cancel or reschedule the plan")
        self._next("installment_cancelled", cancelled(standing, installment_id, to[0]), decided)

    def _unpaid(self, installment_id: UUID) -> InstallmentBalance:
        self._require_live()
        one = self.standing().of(installment_id)
        if one is None:
            raise NotFound("installment", installment_id)
        if not one.remaining:
            raise InstallmentSettled(installment_id)
        return one

    def is_concerned(self, notes: Sequence[Note]) -> bool:
        """Whether the last of these notes changes it: it lives, or had ended by what that note undoes (`PLN-7`)."""
        if not self.ended:
            return True
        changed_by = {version.note_id for version in self.versions if version.note_id}
        undoing = notes[-1]
        written_off = any(note.kind in BY_CONTRACT and note.id in changed_by for note in notes)
        undoes = undoing.undoes_id in changed_by or (takes_back_a_write_off(undoing) and written_off)
        return undoes and self.versions[-1].cause == "invoice_credited"

    def cancel(self, cause: Cause, decided: Decided) -> None:
        """End it; what the invoice still asks for is due as the invoice says. Raises PlanEnded (`PLN-5`)."""
        self._require_live()
        self._next(cause, as_they_stand(self.standing()), decided)
        self.ended = True

    def _go_on(self, cause: Cause, left: Sequence[Installment], decided: Decided) -> None:
        """Go on with what is left to ask for; where that is nothing, end as it stood."""
        self._next(cause, left or as_they_stand(self.standing()), decided)
        self.ended = not left

    def _require_live(self) -> None:
        if self.ended:
            raise PlanEnded(self.id)

    def _next(
        self,
        cause: Cause,
        installments: Iterable[Installment],
        decided: Decided,
        *,
        instead_of: int | None = None,
    ) -> None:
        number = self.versions[-1].number + 1 if self.versions else 1
        self.versions.append(
            PlanVersion(
                number=number,
                cause=cause,
                installments=by_day(installments),
                at=decided.at,
                by=decided.by,
                reason=decided.reason,
                invoice_version=decided.invoice_version,
                note_id=decided.note_id,
                terms=decided.terms,
                instead_of=instead_of,
            )
        )


def _said(standing: InstallmentBalances) -> list[tuple[UUID, int, int, int]]:
    """What an agreement says of each installment: how much it is and what of it is paid, whichever payment paid it."""
    return [(one.installment.id, one.amount, one.paid, one.dropped) for one in standing.installments]
