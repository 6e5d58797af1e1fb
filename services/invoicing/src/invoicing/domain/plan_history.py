"""A plan's history as it would be, had money that was recorded before a change been known to it (`PLN-6`).

Payments and invoicing agree through events, so a plan may be agreed, rescheduled or changed, by a note too, before a
payment that was recorded earlier has arrived. When it does, the plan is gone through again from there: what each
version would have been stands in its place, and the money is counted where it would have been counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from uuid import UUID, uuid5

from chassis.sentence import Sentence

from invoicing.domain.asked_by_notes import as_they_stand, asked_more, what_notes_change
from invoicing.domain.changed_alone import CHANGED_ALONE
from invoicing.domain.errors import Invalid
from invoicing.domain.installment import Cause, Installment, PlanVersion, SettlementEntry, by_day
from invoicing.domain.installment_balances import Going, InstallmentBalances, balances_of
from invoicing.domain.installment_schedule import Part, Terms
from invoicing.domain.note import Note
from invoicing.domain.undone_note import BY_HAND, changed_again, further, notes_of

CONCERNED: tuple[Cause, ...] = (*BY_HAND, *CHANGED_ALONE, "invoice_credited", "invoice_debited")
"""Versions that may come out otherwise where money recorded before them was not known: a person's and a note's."""
VERSION_MAX = 900
"""The most installments of one version that is decided by hand; a plan's event has room for a thousand."""
NewId = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class History:
    """Versions and entries in time."""

    versions: tuple[PlanVersion, ...]
    entries: tuple[SettlementEntry, ...]
    divided: int
    """What the agreement divides then, in minor units."""
    ids: Mapping[int, Sequence[UUID]]
    """Of each version the installments that it ever had, however often it was gone through again."""

    def standing(self, included: int) -> InstallmentBalances:
        """What of each installment is paid."""
        return balances_of(self.versions, self.entries, included)


def history_of(stored: Sequence[PlanVersion], entries: Iterable[SettlementEntry]) -> History:
    """What stands in the place of another version is taken for it, and entries are where they had come in time.

    Several versions may be of one version of the invoice: times are finer here, so that money has a place between them.
    """
    anew = [one for one in stored if one.instead_of is not None]
    if not anew:
        return History(
            tuple(stored), tuple(entries), sum(installment.amount for installment in stored[0].installments), {}
        )
    newest = {one.instead_of: one.installments for one in anew}
    own = [one for one in stored if one.instead_of is None]
    finer = len(own)
    known = [(entry, _place_in_time(entry, own, anew)) for entry in entries]
    ids: dict[int, list[UUID]] = {}
    for version in stored:
        ids.setdefault(version.instead_of or version.number, []).extend(
            installment.id for installment in version.installments
        )
    versions = [
        replace(
            one,
            installments=newest.get(one.number, one.installments),
            invoice_version=one.invoice_version * finer + place,
        )
        for place, one in enumerate(own)
    ]
    return History(
        tuple(versions),
        tuple(
            replace(one, counted=one.counted * finer if place is None else versions[place].invoice_version)
            for one, place in known
        ),
        divided=sum(installment.amount for installment in stored[0].installments)
        - sum(one.change for one, place in known if place == 0),
        ids={number: list(dict.fromkeys(found)) for number, found in ids.items()},
    )


def unaware_of(entry: SettlementEntry, versions: Sequence[PlanVersion]) -> list[PlanVersion]:
    """Versions that did not know of an entry and may come out otherwise, though it was recorded before them."""
    return [version for version in before_which(entry, versions) if version.cause in CONCERNED]


def before_which(entry: SettlementEntry, versions: Sequence[PlanVersion]) -> list[PlanVersion]:
    """Versions before which an entry was recorded that they did not know of.

    What names an installment was recorded when there was one, whatever the clocks of two services say.
    """
    having = [place for place, one in enumerate(versions) if _has(one, entry.installment_id)]
    return [
        version
        for version in versions[having[0] + 1 if having else 0 :]
        if entry.occurred_at < version.at and entry.counted > version.invoice_version
    ]


def beginning(versions: Sequence[PlanVersion], first: int, notes: Sequence[Note]) -> int:
    """The place from which a plan is gone through again, where the version at `first` is to be.

    A note that is undone, or taken back of, after that changes another amount in its own version, too.
    """
    changes = what_notes_change(notes, notes_of(versions))
    changed = {note.id for note in notes if changes[note.id] != note.amounts.total}
    places = [place for place, version in enumerate(versions) if version.note_id in changed]
    return min(first, *places) if any(place >= first for place in places) else first


def gone_through(
    history: History, first: int, included: int, notes: Sequence[Note], new_id: NewId
) -> list[tuple[Installment, ...]]:
    """The installments of every version from the first of these places on, as they would have been.

    Raises Invalid where terms cannot divide what was outstanding then.
    """
    versions = history.versions
    changes = what_notes_change(notes, notes_of(versions))
    agreed = versions[0] if first else replace(versions[0], installments=_agreed(history, new_id))
    made = [] if first else [agreed.installments]
    going = Going(agreed, history.entries, included)
    for place, (before, version) in enumerate(pairwise(versions), start=1):
        going.count_until(version.invoice_version)
        left = version.installments
        if place >= first:
            left = by_day(_decided(history, going.standing(), before, version, changes, new_id))
            made.append(left)
        going.turn(left)
    return made


def rescheduled(standing: InstallmentBalances, parts: Sequence[Part], ids: Iterator[UUID]) -> list[Installment]:
    """What is paid with its installment and day, and the rest in these parts. Raises Invalid where there is no room."""
    kept = [
        replace(installment.installment, amount=installment.paid)
        for installment in standing.installments
        if installment.paid
    ]
    if len(kept) + len(parts) > VERSION_MAX:
        raise Invalid(
            "count",
            Sentence(
                "with the {paid} that are paid, {most} installments are the most", paid=len(kept), most=VERSION_MAX
            ),
        )
    return [*kept, *fresh(parts, ids)]


def fresh(parts: Iterable[Part], ids: Iterator[UUID]) -> list[Installment]:
    """Parts as installments, each after everything else of its day."""
    return [
        Installment(
            next(ids),
            1 + VERSION_MAX,
            "down_payment" if part.is_down_payment else "installment",
            part.due_date,
            part.amount,
        )
        for part in parts
    ]


def _agreed(history: History, new_id: NewId) -> tuple[Installment, ...]:
    agreed = history.versions[0]
    if sum(installment.amount for installment in agreed.installments) == history.divided:
        return agreed.installments
    return by_day(fresh(_terms_of(agreed).parts(history.divided), _again(history.ids[agreed.number], new_id)))


def _decided(
    history: History,
    standing: InstallmentBalances,
    before: PlanVersion,
    version: PlanVersion,
    changes: Mapping[UUID, int],
    new_id: NewId,
) -> Sequence[Installment]:
    """What a version changed, on how the plan stands otherwise."""
    if version.cause == "invoice_debited" and version.note_id and changes[version.note_id]:
        return _asked_again(standing, before, version, version.note_id, changes[version.note_id])
    if version.cause != "rescheduled":
        return changed_again(standing, before, version, changes)
    if not standing.remaining:
        return as_they_stand(standing)
    known = history.ids[before.number]
    own = [id_ for id_ in history.ids[version.number] if id_ not in known]
    return rescheduled(standing, _terms_of(version).parts(standing.remaining), _again(own, new_id))


def _asked_again(
    standing: InstallmentBalances, before: PlanVersion, version: PlanVersion, note_id: UUID, minor: int
) -> list[Installment]:
    """What a debit note added, where it would have been asked: of the last installment, or of a further one."""
    own = further(before, version)
    day = (own or version.installments[-1]).due_date
    return asked_more(standing, minor, own.id if own else uuid5(note_id, "installment"), day)


def _terms_of(version: PlanVersion) -> Terms:
    if version.terms is None:
        raise Invalid("count", "how it was divided is not known")
    return version.terms


def _again(ids: Iterable[UUID], new_id: NewId) -> Iterator[UUID]:
    """The k-th part keeps the id of the k-th installment, as a payment may have named it; those beyond get new ones."""
    return chain(ids, iter(new_id, None))


def _place_in_time(entry: SettlementEntry, versions: Sequence[PlanVersion], anew: Sequence[PlanVersion]) -> int | None:
    """The place of the first version that did not know of it and was gone through again with it."""
    numbers = {version.instead_of for version in anew if version.invoice_version >= entry.counted}
    if not numbers:
        return None
    return next((versions.index(version) for version in unaware_of(entry, versions) if version.number in numbers), None)


def _has(version: PlanVersion, installment_id: UUID | None) -> bool:
    return installment_id is not None and any(installment.id == installment_id for installment in version.installments)
