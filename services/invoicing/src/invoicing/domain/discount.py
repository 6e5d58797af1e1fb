"""Discounts and charges: a percentage or a fixed amount, with a reason and an author (`INV-5`, `INV-12`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from chassis.money import Money

from invoicing.domain.errors import DiscountExceedsAmount, Invalid
from invoicing.domain.rounding import Rounding

_WHOLE = Decimal(100)
CHARGE_PERCENT_MAX = Decimal(999)


@dataclass(frozen=True, slots=True)
class Discount:
    """`percent` of an amount, or fixed `minor` units off it: exactly one of the two is set."""

    reason: str
    author: str
    percent: Decimal | None = None
    minor: int | None = None
    tax_code: str | None = None
    """The clinic's tax category that a document's discount is limited to (`INV-13`)."""

    def of(self, amount: int, most: int, currency: str, field: str, rounding: Rounding) -> int:
        """What is taken off `amount` minor units, of which `most` can be; 100 % takes all of it.

        Of returned goods, both are below zero: a percentage is, too, and a fixed amount cannot be taken off. Raises
        DiscountExceedsAmount.
        """
        taken = rounding.share(amount, self.percent) if self.percent is not None else self.minor or 0
        if not min(0, most) <= taken <= max(0, most):
            raise DiscountExceedsAmount(field, Money(taken, currency), Money(most, currency))
        return taken


@dataclass(frozen=True, slots=True)
class Charge:
    """`percent` of an amount, or of a `base` of its own, or fixed `minor` units on top of it (`INV-12`)."""

    reason: str
    author: str
    percent: Decimal | None = None
    minor: int | None = None
    base: int | None = None

    def of(self, amount: int, rounding: Rounding) -> int:
        """What is added to `amount` minor units."""
        if self.percent is None:
            return self.minor or 0
        return rounding.share(amount if self.base is None else self.base, self.percent)


def percentage(percent: Decimal, reason: str, author: str, field: str = "discount.percent") -> Discount:
    """A discount of more than 0 and at most 100 %. Raises Invalid."""
    if not 0 < percent <= _WHOLE:
        raise Invalid(field, "a discount is more than 0 % and at most 100 %")
    return Discount(reason=reason, author=author, percent=percent)


def fixed(minor: int, reason: str, author: str, field: str = "discount.amount") -> Discount:
    """A discount of a fixed amount, in minor units; of nothing, where a bill says so. Raises Invalid."""
    if minor < 0:
        raise Invalid(field, "a discount is not below zero; what is added to a bill is a charge")
    return Discount(reason=reason, author=author, minor=minor)
