"""The totals of an invoice in the order of EN 16931: lines, tax groups, totals that re-add (`MON-3` to `MON-6`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.money import Money, split_by_largest_remainder

from invoicing.domain.adjustments import Adjustments, DocumentCharge
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
    """One line's amounts: `amount`, charges and discounts as priced (net or gross), `net` always without tax."""

    amount: int
    discount: int
    document_discount: int
    net: int
    charge: int = 0

    @property
    def priced(self) -> int:
        """What is left of the line after all charges and discounts, as priced: what can be credited of it."""
        return self.amount + self.charge - self.discount - self.document_discount


@dataclass(frozen=True, slots=True)
class ChargeAmounts:
    """One of the document's charges: `amount` and what a discount takes off it as priced, `net` without tax."""

    amount: int
    document_discount: int
    net: int

    @property
    def priced(self) -> int:
        """What is left of it, as priced."""
        return self.amount - self.document_discount


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All lines and charges of one (category, rate): the base, and one tax for it (`MON-4`)."""

    tax: Tax
    base: int
    amount: int
    reasons: tuple[str, ...] = ()
    """Why its lines are exempt: each reason once, in the order of the lines (`MON-10`)."""

    @property
    def gross(self) -> int:
        """Base and tax together."""
        return self.base + self.amount


@dataclass(frozen=True, slots=True)
class Totals:
    """net + tax + cash rounding = total; the nets of lines and charges, and of groups, sum to net."""

    lines: tuple[LineAmounts, ...]
    groups: tuple[TaxGroup, ...]
    net: int
    discount: int
    tax: int
    cash_rounding: int
    total: int
    charges: tuple[ChargeAmounts, ...] = ()

    @property
    def charge(self) -> int:
        """What all charges add, of lines and of the document; it is in `net` already."""
        return sum(line.charge for line in self.lines) + sum(one.amount for one in self.charges)


Named = Callable[[int], str]
"""What a request calls the line at a position."""


def by_position(position: int) -> str:
    """The name of a line where the request names all of them, in order."""
    return f"lines[{position - 1}]"


def total_up(lines: Sequence[Line], adjustments: Adjustments, pricing: Pricing, named: Named = by_position) -> Totals:
    """The totals of these lines. Raises DiscountExceedsAmount naming the line or the document."""
    own = [_own_amounts(line, pricing, named) for line in lines]
    left = [amount + charge - discount for amount, charge, discount in own]
    charges = [_charge(one, lines, left, pricing) for one in adjustments.charges]
    taxes = [*(line.tax for line in lines), *(one.tax for one in adjustments.charges)]
    shares = _document_shares(adjustments, taxes, left, charges, pricing)
    priced = [amount - share for amount, share in zip([*left, *charges], shares, strict=True)]
    groups, nets = _tax_groups(taxes, priced, pricing)
    net, tax, count = sum(nets), sum(group.amount for group in groups), len(lines)
    rounded = pricing.rounding.to_multiple(net + tax, pricing.cash_rounding_to)
    return Totals(
        lines=tuple(
            LineAmounts(amount, discount, share, line_net, charge)
            for (amount, charge, discount), share, line_net in zip(own, shares[:count], nets[:count], strict=True)
        ),
        groups=groups,
        net=net,
        discount=sum(discount for *_, discount in own) + sum(shares),
        tax=tax,
        cash_rounding=rounded - net - tax,
        total=rounded,
        charges=tuple(map(ChargeAmounts, charges, shares[count:], nets[count:])),
    )


def check_size(lines: Sequence[Line], totals: Totals, pricing: Pricing, named: Named = by_position) -> None:
    """See that no amount of an invoice is beyond the largest, not even before discounts. Raises AmountTooLarge."""
    largest = Money.largest(pricing.currency)
    for line, own in zip(lines, totals.lines, strict=True):
        if abs(own.amount) + own.charge > largest.minor:
            raise AmountTooLarge(f"{named(line.position)}.quantity", largest)
    if max(sum(abs(own.amount) + own.charge for own in totals.lines), totals.total) > largest.minor:
        raise AmountTooLarge("lines", largest)
    if sum(charge.amount for charge in totals.charges) > largest.minor:
        raise AmountTooLarge("charges", largest)


def _own_amounts(line: Line, pricing: Pricing, named: Named) -> tuple[int, int, int]:
    """The line's amount, what its charges add and what its discount takes off."""
    rounding = pricing.rounding
    amount = rounding.times(line.quantity, line.unit_price, line.base_quantity)
    charge = sum(one.of(amount, rounding) for one in line.charges)
    if line.discount is None:
        return amount, charge, 0
    field = f"{named(line.position)}.discount"
    return amount, charge, line.discount.of(amount, amount + charge, pricing.currency, field, rounding)


def _charge(one: DocumentCharge, lines: Sequence[Line], left: Sequence[int], pricing: Pricing) -> int:
    """What a charge of the document comes to: a percentage is one of the lines of its tax category."""
    of = sum(amount for line, amount in zip(lines, left, strict=True) if line.tax.code == one.tax.code)
    return one.charge.of(of, pricing.rounding)


def _document_shares(
    adjustments: Adjustments, taxes: Sequence[Tax], left: Sequence[int], charges: Sequence[int], pricing: Pricing
) -> list[int]:
    """What the document's discounts take off each line and then each charge: off charges only what lines do not have.

    A percentage is one of the lines, whatever other discounts take off them.
    """
    room = [*left, *charges]
    for field, discount in adjustments.named_discounts:
        scope = [i for i, tax in enumerate(taxes) if discount.tax_code in (None, tax.code)]
        of_lines = [i for i in scope if i < len(left)]
        of_charges = [i for i in scope if i >= len(left)]
        of, most = sum(left[i] for i in of_lines), sum(room[i] for i in scope)
        taken = discount.of(of, most, pricing.currency, field, pricing.rounding)
        lines_most = sum(room[i] for i in of_lines)
        off_lines = min(max(taken, min(0, lines_most)), max(0, lines_most))
        for members, part in ((of_lines, off_lines), (of_charges, taken - off_lines)):
            if part:
                for i, share in zip(members, split_by_largest_remainder(part, [room[i] for i in members]), strict=True):
                    room[i] -= share
    return [whole - rest for whole, rest in zip([*left, *charges], room, strict=True)]


def _tax_groups(
    taxes: Sequence[Tax], priced: Sequence[int], pricing: Pricing
) -> tuple[tuple[TaxGroup, ...], list[int]]:
    members: dict[tuple[str, Decimal], list[int]] = {}
    for index, tax in enumerate(taxes):
        members.setdefault((tax.category, tax.rate), []).append(index)
    groups: list[TaxGroup] = []
    nets = list(priced)
    for indices in members.values():
        own = [priced[index] for index in indices]
        group = _tax_group(taxes[indices[0]], sum(own), pricing, reasons_of(taxes[index] for index in indices))
        groups.append(group)
        if group.base != sum(own):
            for index, net in zip(indices, split_by_largest_remainder(group.base, own), strict=True):
                nets[index] = net
    return tuple(groups), nets


def reasons_of(taxes: Iterable[Tax]) -> tuple[str, ...]:
    """Their exemption reasons, each once, in order (`MON-10`)."""
    return tuple(dict.fromkeys(tax.exemption_reason for tax in taxes if tax.exemption_reason))


def _tax_group(tax: Tax, priced: int, pricing: Pricing, reasons: tuple[str, ...]) -> TaxGroup:
    if pricing.prices_include_tax:
        amount = pricing.rounding.tax_within(priced, tax.rate)
        return TaxGroup(tax, priced - amount, amount, reasons)
    return TaxGroup(tax, priced, pricing.rounding.tax_on(priced, tax.rate), reasons)
