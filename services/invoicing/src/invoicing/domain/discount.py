"""A discount: a percentage or a fixed amount, with a reason and its author (`INV-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from chassis.money import Money

from invoicing.domain.errors import DiscountExceedsAmount, Invalid
from invoicing.domain.rounding import Rounding

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Discount:
    """`percent` of an amount, or fixed `minor` units off it: exactly one of the two is set."""

    reason: str
    author: str
    percent: Decimal | None = None
    minor: int | None = None

    def of(self, amount: int, currency: str, field: str, rounding: Rounding) -> int:
        """What is taken off `amount` minor units; 100 % takes all of it. Raises DiscountExceedsAmount."""
        if self.percent is not None:
            return rounding.share(amount, self.percent)
        taken = self.minor or 0
        if taken > amount:
            raise DiscountExceedsAmount(field, Money(taken, currency), Money(amount, currency))
        return taken


def percentage(percent: Decimal, reason: str, author: str, field: str = "discount.percent") -> Discount:
    """A discount of more than 0 and at most 100 %. Raises Invalid."""
    if not 0 < percent <= _WHOLE:
        raise Invalid(field, "a discount is more than 0 % and at most 100 %")
    return Discount(reason=reason, author=author, percent=percent)


def fixed(minor: int, reason: str, author: str, field: str = "discount.amount") -> Discount:
    """A discount of a fixed amount above zero, in minor units. Raises Invalid."""
    if minor <= 0:
        raise Invalid(field, "a discount is more than zero")
    return Discount(reason=reason, author=author, minor=minor)
