"""What a draft says, and an invoice said when it was issued: lines, adjustments, payer, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money

from invoicing.domain.adjustments import Adjustments, DocumentCharge
from invoicing.domain.discount import Discount
from invoicing.domain.errors import EmptyInvoice, EstimateExceedsLine, Invalid, TotalBelowZero
from invoicing.domain.estimate import check_estimates
from invoicing.domain.line import Line
from invoicing.domain.totals import Named, Pricing, Totals, by_position, check_size, total_up


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
    insured = sum(estimate.taken for line in content.lines for estimate in line.estimates)
    if insured > totals.total and any(own.priced < 0 for own in totals.lines):
        asked, left = Money(insured, pricing.currency), Money(totals.total, pricing.currency)
        raise EstimateExceedsLine("lines", asked, left)
    return totals
