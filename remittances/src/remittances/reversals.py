"""What an insurer's other remittances took back of an invoice, and what of it is to be taken back yet (`INS-9`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from remittances.identity import name_key, reference_key
from remittances.payments import Payments
from remittances.posting import LeftTo, Posting

Json = dict[str, Any]
REFERENCE_MAX = 80
"""As much of a trace number as a decision has."""


@dataclass(frozen=True, slots=True)
class Reversed:
    """What a remittance takes back of an invoice, and how much of it the insurer put off until a recovery.

    What was told by a release that did not say may all have been put off, or nothing of it.
    """

    reference: str
    amount: Decimal
    put_off: Decimal | None

    @property
    def key(self) -> str:
        """By which what was taken back under its reference is found."""
        return _key(self.reference)

    @property
    def most_put_off(self) -> Decimal:
        """As much as may be taken by a recovery."""
        return self.amount if self.put_off is None else min(self.amount, self.put_off)

    @property
    def by_itself(self) -> Decimal:
        """What its transfer takes back for certain."""
        return Decimal(0) if self.put_off is None else max(Decimal(0), self.amount - self.put_off)


@dataclass(slots=True)
class _Sum:
    reference: str
    paid: Decimal = Decimal(0)
    put_off: Decimal | None = Decimal(0)


def reversed_otherwise(posting: Posting, decided: Iterable[Json]) -> list[Reversed]:
    """What this insurer's other remittances take back, each by what its decisions on one invoice come to."""
    names, sums = names_of(posting), dict[str, _Sum]()
    for each in decided:
        if name_key(each["payer_name"]) in names:
            of = each["remittance_id"] or each["decision_id"]
            one = sums.setdefault(of, _Sum(each["remittance_reference"] or ""))
            paid, put_off = Decimal(each["paid"]["amount"]), each.get("put_off")
            one.paid += paid
            if put_off is not None and one.put_off is not None:
                one.put_off += Decimal(put_off["amount"])
            elif paid < 0:
                one.put_off = None
    sums.pop(str(posting.remittance_id), None)
    return [Reversed(one.reference, -one.paid, one.put_off) for one in sums.values() if one.paid < 0]


def names_of(posting: Posting) -> set[str]:
    """The insurer's, as the file and the invoices have it."""
    return {name_key(name) for name in (posting.remittance.payer_name, *posting.payers.values())}


async def own_take_backs(posting: Posting, patient_id: str, payments: Payments) -> list[Json]:
    """What this insurer took back of what it paid for a patient. Raises Unreachable."""
    names = names_of(posting)
    return [each for each in await payments.taken_back(patient_id) if name_key(each["payer_name"] or "") in names]


async def recovered_before_them(others: Sequence[Reversed], own: Iterable[Json], payments: Payments) -> Decimal:
    """What reversals put off and took nothing for, as its recovery was before them. Raises Unreachable."""
    taken = await _taken_for(others, own, payments)
    return sum((min(one.amount - of, one.most_put_off) for one, of in zip(others, taken, strict=True)), Decimal(0))


async def still_taken_by_them(others: Sequence[Reversed], own: Iterable[Json], payments: Payments) -> list[LeftTo]:
    """What reversals that are announced and not booked yet will take back by themselves. Raises Unreachable."""
    taken = await _taken_for(others, own, payments)
    left = [(one.reference, one.by_itself - of) for one, of in zip(others, taken, strict=True)]
    return [one for one in left if one[1] > 0]


async def _taken_for(others: Sequence[Reversed], own: Iterable[Json], payments: Payments) -> list[Decimal]:
    """What was taken back for each of these reversals, as far as it goes.

    What was taken back under a reversal's reference is its own; a patient may have had some of another invoice taken.
    """
    taken: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in own:
        if each["reason"] is None:
            taken[_key(await payments.reference_of(each["id"]))] += Decimal(each["amount"]["amount"])
    found = []
    for one in others:
        found.append(min(one.amount, taken[one.key]))
        taken[one.key] -= found[-1]
    return found


def _key(reference: str | None) -> str:
    return reference_key((reference or "")[:REFERENCE_MAX])
