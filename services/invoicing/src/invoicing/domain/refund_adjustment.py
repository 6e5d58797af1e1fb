"""How much of what a refund took from an invoice is credited, so that the outstanding stays and no cent goes twice.

Payments says what a refund took and wants credited; what invoicing wrote meanwhile (a credit note, a void) may have
given the patient the same money already. Decided as if the refund had come after it (`PAY-20`, decision 0029): then it
would have taken first what had become credit, but of an invoice that it names, which it takes from in any case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from invoicing.domain.errors import AdjustmentUnknown
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import credited_for_refunds

RefundedLine = tuple[UUID, int | None]
"""A line that a refund is for, and how much of it goes back, tax included; as much as is left, where it is not said."""
Place = tuple[int, int]
"""Where payments stood on an invoice: its place in the order of changes, and what was settled with refunds then."""


@dataclass(slots=True)
class Refunds:
    """What is known of an invoice's refunds: what each did not get credited, which were cancelled; in minor units."""

    uncredited: dict[UUID, int] = field(default_factory=dict)
    cancelled: set[UUID] = field(default_factory=set)
    latest: Place | None = None

    def follow(self, place: Place | None) -> None:
        """Keep the latest place, whatever the order in which the settlements of two payers are read."""
        if place is not None and (self.latest is None or place > self.latest):
            self.latest = place

    def credit(self, invoice: Invoice, refund_id: UUID, wanted: int, most: int, *, named: int = 0) -> int:
        """How much is credited of what a refund wants; its settlement is counted already.

        `most` is what is left of the lines that it names, with what it names no lines for; `named` what it wants of
        the invoice by its name, of which nothing had become credit before it.
        """
        left = 0 if invoice.status == "void" else invoice.creditable_by_rule().left
        credited = max(0, min(wanted - self._given_already(invoice, wanted, named), left, most))
        self.uncredited[refund_id] = wanted - credited
        return credited

    def cancel(self, refund_id: UUID) -> None:
        """A refund was cancelled. Raises AdjustmentUnknown where it has not been heard of."""
        if refund_id not in self.uncredited:
            raise AdjustmentUnknown(refund_id)
        self.cancelled.add(refund_id)

    def _given_already(self, invoice: Invoice, wanted: int, named: int) -> int:
        """What of it documents have taken off that the refund did not know of, and no refund before has counted."""
        if invoice.status == "void":
            return wanted
        counted = sum(minor for refund_id, minor in self.uncredited.items() if refund_id not in self.cancelled)
        credited = credited_for_refunds(invoice.notes)
        # An event of an older release has no place: then what is settled here, before the refund, is the measure.
        settled = self.latest[1] if self.latest else invoice.settled + credited + counted + wanted
        documents = invoice.totals.total + invoice.debited - invoice.credited + credited
        return min(wanted - named, max(0, settled - documents - counted))


@dataclass(frozen=True, slots=True)
class NamedLines:
    """What a refund, or all its parts on an invoice, names that it is for, and how much of it (`PAY-19`)."""

    lines: tuple[RefundedLine, ...] = ()
    minor: int = 0
    """What is to be credited of them in all; the rest of what the refund wants is of no line."""

    def left(self, invoice: Invoice) -> int:
        """What of it is left to credit of these lines."""
        return invoice.creditable_by_rule().credited_of(self.lines, self.minor)[1] if self.lines else 0

    def credited(self, invoice: Invoice, credited: int) -> list[tuple[UUID, int | None, int]]:
        """Of each line what was wanted and what of an amount is credited, before its note is counted."""
        most = min(credited, self.minor)
        by_line, _ = invoice.creditable_by_rule().credited_of(self.lines, most) if self.lines else ({}, 0)
        return [(line_id, wanted, by_line[line_id]) for line_id, wanted in self.lines]
