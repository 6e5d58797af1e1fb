"""The totals of an invoice in the order of EN 16931: lines, tax groups, totals that re-add (`MON-3` to `MON-6`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.money import Money, split_by_largest_remainder

from invoicing.domain.discount import Discount
from invoicing.domain.errors import AmountTooLarge
from invoicing.domain.line import Line, Tax
from invoicing.domain.rounding import PRESENT, Rounding, RoundingPolicy, rounding_of


@dataclass(frozen=True, slots=True)
class Pricing:
    """How a document is priced: stored with it, so that a later recomputation gives the same cents."""

    currency: str
    prices_include_tax: bool = False
    cash_rounding_to: int = 1
    """Totals are rounded to a multiple of this many minor units; 1 leaves them alone (`MON-6`)."""
    stored: RoundingPolicy | None = None
    """The rounding policy that the document was made under; None for a new one."""

    @property
    def policy(self) -> RoundingPolicy:
        """The rounding policy that these totals follow: the stored one, else the present one."""
        return self.stored or PRESENT[self.prices_include_tax]

    @property
    def rounding(self) -> Rounding:
        """How that policy rounds. Raises UnknownRounding."""
        return rounding_of(self.policy)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """One line's amounts: `amount` and the discounts as priced (net or gross), `net` always without tax."""

    amount: int
    discount: int
    document_discount: int
    net: int

    @property
    def priced(self) -> int:
        """What is left of the line after all discounts, as priced: what can be credited of it."""
        return self.amount - self.discount - self.document_discount


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All lines of one (category, rate): the base, and one tax for it (`MON-4`)."""

    tax: Tax
    base: int
    amount: int

    @property
    def gross(self) -> int:
        """Base and tax together."""
        return self.base + self.amount


@dataclass(frozen=True, slots=True)
class Totals:
    """net + tax + cash rounding = total; the nets of lines and groups sum to net, the groups' taxes to tax."""

    lines: tuple[LineAmounts, ...]
    groups: tuple[TaxGroup, ...]
    net: int
    discount: int
    tax: int
    cash_rounding: int
    total: int


Named = Callable[[int], str]
"""What a request calls the line at a position."""


def by_position(position: int) -> str:
    """The name of a line where the request names all of them, in order."""
    return f"lines[{position - 1}]"


def total_up(
    lines: Sequence[Line], document_discount: Discount | None, pricing: Pricing, named: Named = by_position
) -> Totals:
    """The totals of these lines. Raises DiscountExceedsAmount naming the line or the document."""
    rounding = pricing.rounding
    amounts = [rounding.times(line.quantity, line.unit_price) for line in lines]
    own = [_own_discount(line, amount, pricing, named) for line, amount in zip(lines, amounts, strict=True)]
    left = [amount - discount for amount, discount in zip(amounts, own, strict=True)]
    shares = _document_shares(document_discount, left, pricing)
    priced = [amount - share for amount, share in zip(left, shares, strict=True)]
    groups, nets = _tax_groups([line.tax for line in lines], priced, pricing)
    net, tax = sum(nets), sum(group.amount for group in groups)
    rounded = rounding.to_multiple(net + tax, pricing.cash_rounding_to)
    return Totals(
        lines=tuple(map(LineAmounts, amounts, own, shares, nets)),
        groups=groups,
        net=net,
        discount=sum(own) + sum(shares),
        tax=tax,
        cash_rounding=rounded - net - tax,
        total=rounded,
    )


def check_size(lines: Sequence[Line], totals: Totals, pricing: Pricing, named: Named = by_position) -> None:
    """See that no amount of an invoice is beyond the largest, not even before discounts. Raises AmountTooLarge."""
    largest = Money.largest(pricing.currency)
    for line, own in zip(lines, totals.lines, strict=True):
        if own.amount > largest.minor:
            raise AmountTooLarge(f"{named(line.position)}.quantity", largest)
    if max(sum(own.amount for own in totals.lines), totals.total) > largest.minor:
        raise AmountTooLarge("lines", largest)


def _own_discount(line: Line, amount: int, pricing: Pricing, named: Named) -> int:
    if line.discount is None:
        return 0
    return line.discount.of(amount, pricing.currency, f"{named(line.position)}.discount", pricing.rounding)


def _document_shares(discount: Discount | None, left: Sequence[int], pricing: Pricing) -> list[int]:
    whole = discount.of(sum(left), pricing.currency, "discount", pricing.rounding) if discount else 0
    return split_by_largest_remainder(whole, left) if whole else [0] * len(left)


def _tax_groups(
    taxes: Sequence[Tax], priced: Sequence[int], pricing: Pricing
) -> tuple[tuple[TaxGroup, ...], list[int]]:
    members: dict[tuple[str, Decimal], list[int]] = {}
    for index, tax in enumerate(taxes):
        members.setdefault((tax.category, tax.rate), []).append(index)
    groups: list[TaxGroup] = []
    nets = list(priced)
    for indices in members.values():
        tax = taxes[indices[0]]
        own = [priced[index] for index in indices]
        group = _tax_group(tax, sum(own), pricing)
        groups.append(group)
        if group.base != sum(own):
            for index, net in zip(indices, split_by_largest_remainder(group.base, own), strict=True):
                nets[index] = net
    return tuple(groups), nets


def _tax_group(tax: Tax, priced: int, pricing: Pricing) -> TaxGroup:
    if pricing.prices_include_tax:
        amount = pricing.rounding.tax_within(priced, tax.rate)
        return TaxGroup(tax, priced - amount, amount)
    return TaxGroup(tax, priced, pricing.rounding.tax_on(priced, tax.rate))
