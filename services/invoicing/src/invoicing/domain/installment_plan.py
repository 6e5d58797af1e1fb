"""An installment plan: an invoice's outstanding on several days, changed by versions, ended once (`PLN-1`, `PLN-5`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from invoicing.domain.division import Part
from invoicing.domain.errors import Invalid, NothingOutstanding, PlanEnded
from invoicing.domain.installment import Cause, Installment, PlanVersion, SettlementEntry
from invoicing.domain.installment_standing import Standing, StandingInstallment, standing_of

NewId = Callable[[], UUID]
VERSION_MAX = 900
"""The most installments of one version that is decided by hand; a plan's event has room for a thousand."""


@dataclass(frozen=True, slots=True)
class Decided:
    """When a change of a plan is decided, by whom and why, and on which version of its invoice."""

    at: datetime
    by: str
    reason: str | None
    invoice_version: int
    note_id: UUID | None = None


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

    def standing(self) -> Standing:
        """What of each installment is paid (`PLN-3`)."""
        return standing_of(self.versions, self.entries, ended=self.ended)

    def agree(self, parts: Sequence[Part], decided: Decided, new_id: NewId) -> None:
        """Begin with these parts."""
        self._next("agreed", [_new(part, new_id) for part in parts], decided)

    def reschedule(self, divide: Callable[[int], Sequence[Part]], decided: Decided, new_id: NewId) -> None:
        """Divide the unpaid part anew; what is paid stays, with its installment and day.

        Raises PlanEnded, NothingOutstanding, and what `divide` raises.
        """
        self._require_live()
        standing = self.standing()
        if standing.remaining == 0:
            raise NothingOutstanding(self.invoice_id)
        kept = [replace(one.installment, amount=one.paid) for one in standing.installments if one.paid]
        parts = [_new(part, new_id) for part in divide(standing.remaining)]
        if len(kept) + len(parts) > VERSION_MAX:
            raise Invalid("count", f"with the {len(kept)} that are paid, {VERSION_MAX} installments are the most")
        self._next("rescheduled", [*kept, *parts], decided)

    def credit(self, minor: int, decided: Decided) -> None:
        """A credit note took so much off: the latest unpaid first, then of what is paid the latest (`PLN-2`).

        What was paid and is asked no more is surplus. Where nothing is left to ask for, the plan ends as it stood.
        """
        standing = self._standing()
        present = [_as_it_stands(one) for one in standing]
        amounts = [one.amount for one in standing]
        unpaid, paid = [one.remaining for one in standing], [one.paid for one in standing]
        for room in (unpaid, paid):
            for index in reversed(range(len(amounts))):
                cut = min(minor, room[index])
                amounts[index] -= cut
                minor -= cut
        left = [replace(one, amount=amount) for one, amount in zip(present, amounts, strict=True) if amount]
        self._next("invoice_credited", left or present, decided)
        self.ended = not left

    def debit(self, minor: int, due_date: date, decided: Decided, new_id: NewId) -> None:
        """A debit note added so much: the last installment asks for it, or a further one where the last is paid."""
        present = [_as_it_stands(one) for one in self._standing()]
        last = self._standing()[-1]
        if last.remaining:
            present[-1] = replace(present[-1], amount=last.amount + minor)
        else:
            day = max(due_date, last.installment.due_date)
            present.append(Installment(new_id(), len(present) + 1, "installment", day, minor))
        self._next("invoice_debited", present, decided)

    def cancel(self, cause: Cause, decided: Decided) -> None:
        """End it; what the invoice still asks for is due as the invoice says. Raises PlanEnded (`PLN-5`)."""
        self._require_live()
        self._next(cause, [_as_it_stands(one) for one in self._standing()], decided)
        self.ended = True

    def _standing(self) -> tuple[StandingInstallment, ...]:
        return self.standing().installments

    def _require_live(self) -> None:
        if self.ended:
            raise PlanEnded(self.id)

    def _next(self, cause: Cause, installments: Iterable[Installment], decided: Decided) -> None:
        number = self.versions[-1].number + 1 if self.versions else 1
        by_day = sorted(installments, key=lambda one: (one.due_date, one.position))
        placed = tuple(replace(one, position=place) for place, one in enumerate(by_day, start=1))
        self.versions.append(
            PlanVersion(
                number=number,
                cause=cause,
                installments=placed,
                at=decided.at,
                by=decided.by,
                reason=decided.reason,
                invoice_version=decided.invoice_version,
                note_id=decided.note_id,
            )
        )


def _new(part: Part, new_id: NewId) -> Installment:
    # After everything that is kept of the same day.
    return Installment(
        new_id(), 1 + VERSION_MAX, "down_payment" if part.is_down_payment else "installment", part.due_date, part.amount
    )


def _as_it_stands(one: StandingInstallment) -> Installment:
    return replace(one.installment, amount=one.amount)
