"""Everything that insurers decided on one invoice, and how it divides the fees of its lines (`INS-3`, `INS-4`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from uuid import UUID

from invoicing.domain.adjudication import Adjudication
from invoicing.domain.bundled_lines import unbundled
from invoicing.domain.counted_adjudications import counted_of
from invoicing.domain.estimate import Estimate, turn
from invoicing.domain.invoice import Invoice
from invoicing.domain.shares import (
    NOTHING,
    InsurerPart,
    PayerAdjudication,
    Shares,
    StillEstimated,
    contractual_of,
    divide,
    insurers_of,
    still_estimated,
)

Key = tuple[UUID, int, UUID]
"""A line, the turn of a payer, and the payer."""


class AdjudicatedInvoice:
    """The rows of all decisions on an invoice. Shares follow from them; nothing of it is stored.

    They go by what contracts take off, whatever was left to credit for it: nobody is asked for it either way.
    """

    def __init__(self, invoice: Invoice, rows: Iterable[PayerAdjudication]) -> None:
        self.invoice = invoice
        self._fees = {
            line.id: max(0, own.priced) for line, own in zip(invoice.lines, invoice.totals.lines, strict=True)
        }
        self._rows: dict[Key, list[PayerAdjudication]] = {}
        self._sums: dict[Key, PayerAdjudication] = {}
        for row in rows:
            self._rows.setdefault(_key(row), []).append(row)
        for key, own in self._rows.items():
            self._sums[key] = counted_of(own, self._fees[key[0]])

    def count(self, decision: Adjudication) -> None:
        """Add a further decision."""
        for adjudication in unbundled(_rows_of(decision)):
            rows = self._rows.setdefault(_key(adjudication), [])
            rows.append(adjudication)
            self._sums[_key(adjudication)] = counted_of(rows, self._fees[adjudication.line_id])

    @property
    def sums(self) -> list[PayerAdjudication]:
        """What each payer's decisions on each line come to, in the order of lines and turns."""
        places = {line.id: place for place, line in enumerate(self.invoice.lines)}
        return sorted(self._sums.values(), key=lambda sum_: (places[sum_.line_id], turn(sum_.sequence), sum_.payer_id))

    @property
    def estimated(self) -> int:
        """What insurers are estimated to take beyond what is decided or theirs to decide.

        That is all of it of lines that no decision is about, and of the others what those that have not decided take
        of the patient's part.
        """
        taken = (one.of_patient + one.off_patient for own in self.still_estimated.values() for one in own)
        return sum(estimate.taken for estimate in self._undecided) + sum(taken)

    @property
    def estimated_write_off(self) -> int:
        """What of it they are estimated to have written off."""
        off = (one.off_patient for own in self.still_estimated.values() for one in own)
        return sum(estimate.write_off for estimate in self._undecided) + sum(off)

    @property
    def _undecided(self) -> list[Estimate]:
        """What is estimated of lines that no decision is about."""
        decided = set(self.line_ids)
        return [estimate for line in self.invoice.lines if line.id not in decided for estimate in line.estimates]

    @property
    def still_estimated(self) -> dict[UUID, list[StillEstimated]]:
        """What is still estimated of each line that any decision is about, by payers that have not decided on it."""
        estimates = {line.id: line.estimates for line in self.invoice.lines}
        return {
            line_id: still_estimated(estimates[line_id], self._on(line_id), shares)
            for line_id, shares in self.shares_of(self.line_ids).items()
        }

    @property
    def line_ids(self) -> list[UUID]:
        """The lines that any decision is about, in order: not those that are as estimated.

        So are those of which all was taken back, or nothing but put off, where estimates say what is expected.
        """
        estimated = {line.id for line in self.invoice.lines if line.estimates}
        return list(dict.fromkeys(sum_.line_id for sum_ in self.sums if sum_.line_id not in estimated or sum_.stands))

    @property
    def told_ids(self) -> list[UUID]:
        """The same with those that were put off, which insurers have told of, too."""
        estimated = {line.id for line in self.invoice.lines if line.estimates}
        return list(
            dict.fromkeys(sum_.line_id for sum_ in self.sums if sum_.line_id not in estimated or any(sum_.amounts))
        )

    def wanted_write_offs(self, line_ids: Iterable[UUID]) -> Mapping[UUID, int]:
        """What contracts take off these lines."""
        return {line_id: contractual_of(self._on(line_id), self._fees[line_id]) for line_id in line_ids}

    def contract_of(self, line_ids: Collection[UUID]) -> UUID:
        """The payer whose contract takes something off these lines, of which any does: the last in turn."""
        takes_off = [sum_ for sum_ in self.sums if sum_.line_id in line_ids and sum_.by_contract > 0]
        return max(takes_off, key=lambda adjudication: (turn(adjudication.sequence), adjudication.payer_id)).payer_id

    def shares_of(self, line_ids: Iterable[UUID]) -> dict[UUID, Shares]:
        """How the fees of these lines are divided."""
        wanted = self.wanted_write_offs(line_ids)
        return {
            line_id: divide(self._fees[line_id], written_off, self._on(line_id))
            for line_id, written_off in wanted.items()
        }

    @property
    def shares(self) -> Shares:
        """The same of all lines that any decision is about, together."""
        return reduce(Shares.plus, self.shares_of(self.line_ids).values(), NOTHING)

    @property
    def insurers(self) -> list[InsurerPart]:
        """What of the shares each payer decided to pay, in turn."""
        found: dict[UUID, InsurerPart] = {}
        for line_id, shares in self.shares_of(self.line_ids).items():
            for part in insurers_of(shares.paid, self._on(line_id)):
                found[part.payer_id] = found[part.payer_id].plus(part) if part.payer_id in found else part
        return sorted(found.values(), key=lambda part: (turn(part.sequence), part.payer_id))

    def _on(self, line_id: UUID) -> list[PayerAdjudication]:
        return [sum_ for sum_ in self._sums.values() if sum_.line_id == line_id]


def _rows_of(decision: Adjudication) -> list[PayerAdjudication]:
    stated = decision.stated
    return [
        PayerAdjudication(
            line_id=line.line_id,
            payer_id=stated.payer_id,
            payer_name=stated.payer_name,
            sequence=stated.sequence,
            charge=line.charge,
            allowed=line.allowed,
            paid=line.paid,
            contractual=line.of_groups("CO"),
            patient=line.of_groups("PR"),
            other=line.of_groups("OA", "PI"),
            by_contract=line.by_contract,
            pending=line.pending,
            by_others=line.by_others,
            in_excess=line.in_excess,
        )
        for line in decision.lines
    ]


def _key(one: PayerAdjudication) -> Key:
    return one.line_id, turn(one.sequence), one.payer_id
