"""What is left to credit of an invoice's lines, so that a refund names only what it can be for (`PAY-19`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PaymentsError, wire
from payments.domain.movement import Movement
from payments.domain.named_allocation import NamedAllocation, NamedLine


class LinesHaveLess(PaymentsError):
    """Less is left to credit of the lines that a refund names than is to come from them (`PAY-19`)."""

    def __init__(self, field: str, invoice_id: UUID, asked: Money, left: Mapping[UUID, Money]) -> None:
        self.field = field
        self.invoice_id = invoice_id
        told = [{"line_id": str(line_id), "left": wire(money)} for line_id, money in left.items()]
        self.extensions = {"invoice_id": str(invoice_id), "lines": told}
        super().__init__(
            f"{asked} cannot be credited there: `lines` says what is left of each that is named; name others, or none"
        )


class LineUnknown(PaymentsError):
    """The invoice has no line of this id, or not yet: a debit note, which is named like a line, may be on its way."""

    def __init__(self, field: str, invoice_id: UUID, line_id: UUID) -> None:
        self.field = field
        self.invoice_id = invoice_id
        self.extensions = {"invoice_id": str(invoice_id), "line_id": str(line_id)}
        super().__init__(f"invoice {invoice_id} has no line and no debit note {line_id}")


@dataclass(slots=True)
class RefundableLines:
    """What is left of each line and debit note of an invoice, tax included, in minor units, as invoicing told last.

    `pending` is what refunds that it has not answered are for, by refund. `rounding_minor` is what the invoice asks for
    beyond its lines, cash rounding and tax that is rounded by group: it goes with the last of the lines (`MON-12`).
    """

    invoice_id: UUID
    currency: str
    told: Mapping[UUID, int]
    rounding_minor: int = 0
    pending: dict[UUID, dict[UUID, int]] = field(default_factory=dict)

    def left_minor(self, line_id: UUID) -> int:
        """What is left of a line; nothing of returned goods."""
        return max(0, self.told.get(line_id, 0) - sum(of.get(line_id, 0) for of in self.pending.values()))

    def take(self, refund_id: UUID, lines: Sequence[NamedLine], minor: int, at: str) -> None:
        """Let a refund be for these lines, with so much in all; `at` is where it names them.

        Raises LineUnknown, LinesHaveLess.
        """
        self._require_known(lines, at)
        taken: Counter[UUID] = Counter()
        rest = minor - sum(amount.minor for _, amount in lines if amount is not None)
        for place, (line_id, amount) in enumerate(lines):
            there = self.left_minor(line_id) - taken[line_id]
            asked = min(rest, there) if amount is None else amount.minor
            if there <= 0 or asked > there:
                member = "line_id" if amount is None else "amount"
                raise self._less(f"{at}.lines[{place}].{member}", asked or rest, lines)
            taken[line_id] += asked
            rest -= asked if amount is None else 0
        if rest > self._rounding_with(taken):
            raise self._less(f"{at}.lines", minor, lines)
        self.pending[refund_id] = dict(taken)

    def _require_known(self, lines: Sequence[NamedLine], at: str) -> None:
        for place, (line_id, _) in enumerate(lines):
            if line_id not in self.told:
                raise LineUnknown(f"{at}.lines[{place}].line_id", self.invoice_id, line_id)

    def _rounding_with(self, taken: Mapping[UUID, int]) -> int:
        """What is beyond the lines, where these are all that is left."""
        whole = all(self.left_minor(line_id) == taken.get(line_id, 0) for line_id in self.told)
        return max(0, self.rounding_minor) if whole else 0

    def _less(self, at: str, minor: int, lines: Sequence[NamedLine]) -> LinesHaveLess:
        left = {line_id: Money(self.left_minor(line_id), self.currency) for line_id, _ in lines}
        return LinesHaveLess(at, self.invoice_id, Money(minor, self.currency), left)


def take_named_lines(
    refund_id: UUID,
    refunded: Movement,
    named: Sequence[NamedAllocation],
    of_invoices: Mapping[UUID, RefundableLines],
) -> None:
    """See that what a refund takes from invoices is left of the lines that it names, where they are known here.

    Raises LineUnknown, LinesHaveLess.
    """
    for place, allocation in enumerate(named):
        left = of_invoices.get(allocation.invoice_id)
        if allocation.lines and left is not None:
            parts = [part for part in refunded.settlements if part.invoice_id == allocation.invoice_id and part.lines]
            left.take(refund_id, allocation.lines, -sum(part.change_minor for part in parts), f"allocations[{place}]")
