"""What of an invoice is left to insurers, and to which of them: it is asked of no patient (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chassis.money import fill_in_order

from payments.domain.insurers_part import NOTHING, InsurersPart, is_same
from payments.domain.transaction import Payer

UNNAMED = Payer("insurer")
"""An insurer that nobody named: of an invoice or a decision from before that was told."""
Amounts = Sequence[tuple[Payer, int]]
"""Each insurer with its amount, in minor units."""


@dataclass(frozen=True, slots=True)
class LeftToInsurers:
    """What of an invoice is insurers', and what came of it, in minor units."""

    part: InsurersPart = NOTHING
    """What they decided to pay, and what nobody has decided."""
    estimated_minor: int = 0
    """What those that have not decided are estimated to take of the rest."""
    asked_of_lines_minor: int | None = None
    """What the invoice's own lines ask for, and insurers are left at most; None where no note said it."""
    estimates: Amounts = ()
    """Who was estimated to take how much when the invoice was issued, in turn."""
    write_offs: Amounts = ()
    """What of that was to be written off, by whom, in turn."""
    write_off_minor: int | None = None
    """What of `estimated_minor` is to be written off; None while none has decided: all of `write_offs`."""
    received: Amounts = ()
    """What came of each and settles the invoice."""
    last: Payer | None = None
    """The insurer that decided last, whether its decision stands or not."""

    @property
    def minor(self) -> int:
        """What is left to them together."""
        theirs = self.part.minor + self.part.undecided_minor + self.estimated_minor
        if self.asked_of_lines_minor is not None:
            theirs = min(theirs, self.asked_of_lines_minor)
        return max(0, theirs - _sum(self.received))

    def by_insurer(self, asked_minor: int) -> list[tuple[Payer, int]]:
        """What is left to each, in turn, of what the invoice asks for: its own part less what came of it.

        What is undecided or estimated is with those that were estimated to take it and have not decided, up to that,
        then with the last that decided.
        """
        left = min(self.minor, asked_minor)
        parts = self._parts()
        open_ = [max(0, minor - _of(payer, self.received)) for payer, minor in parts]
        taken = fill_in_order(left, open_)
        found = [(payer, minor) for (payer, _), minor in zip(parts, taken, strict=True)]
        return [(payer, minor) for payer, minor in (*found, (UNNAMED, left - sum(taken))) if minor]

    def expected_write_offs(self, asked_minor: int) -> list[tuple[Payer, int]]:
        """What of what is left to each is expected to be written off, not paid: what is to be paid goes first."""
        whole = _sum(self.write_offs) if self.write_off_minor is None else self.write_off_minor
        off, parts = together(self._open(whole, self.write_offs)), self._parts()
        found = []
        for payer, left in self.by_insurer(asked_minor):
            own = _of(payer, off)
            to_be_paid = max(0, max(0, _of(payer, parts) - _of(payer, self.received)) - own)
            found.append((payer, min(own, max(0, left - to_be_paid))))
        return [(payer, minor) for payer, minor in found if minor]

    def _parts(self) -> list[tuple[Payer, int]]:
        """What of the invoice is each insurer's, whatever came of it."""
        open_ = self._open(self.part.undecided_minor + self.estimated_minor, self.estimates)
        return together((*(self.part.payers or ()), *open_))

    def _open(self, whole: int, estimates: Amounts) -> list[tuple[Payer, int]]:
        """Whose it is that is not decided: of those who were estimated to take it, then of the last that decided."""
        decided = self.part.payers or ()
        waiting = [one for one in estimates if not any(is_same(one[0], payer) for payer, _ in decided)]
        taken = fill_in_order(whole, [minor for _, minor in waiting])
        last = decided[-1][0] if decided else self.last
        rest = [(last, whole - sum(taken))] if last else []
        return [*rest, *((payer, minor) for (payer, _), minor in zip(waiting, taken, strict=True))]


def together(parts: Iterable[tuple[Payer, int]]) -> list[tuple[Payer, int]]:
    """What several invoices leave to each insurer, each once, as it is named first."""
    sums: list[tuple[Payer, int]] = []
    for payer, minor in parts:
        place = next((place for place, (named, _) in enumerate(sums) if is_same(named, payer)), None)
        if place is None:
            sums.append((payer, minor))
        else:
            sums[place] = (sums[place][0], sums[place][1] + minor)
    return sums


def _of(payer: Payer, amounts: Amounts) -> int:
    return _sum([(other, minor) for other, minor in amounts if is_same(other, payer)])


def _sum(amounts: Amounts) -> int:
    return sum(minor for _, minor in amounts)
