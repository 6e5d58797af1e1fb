"""Which rounding makes a document's cents: stored with it by id and version, and used again ever after (`MON-4`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from chassis.money import round_half_up

from invoicing.domain.errors import UnknownRounding

ONE = Decimal(1)
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """A rounding by its name; a changed calculation is a new version, and the old one stays."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Rounding:
    """How fractions of a minor unit become whole ones."""

    to_unit: Callable[[Decimal | Fraction], int]

    def times(self, quantity: Decimal, unit_price: int | Decimal, base_quantity: Decimal = ONE) -> int:
        """Quantity times price, which is for a base quantity: rounded once (`MON-3`, `MON-7`)."""
        if isinstance(unit_price, int) and base_quantity == ONE:
            return unit_price if quantity == ONE else self.to_unit(quantity * unit_price)
        return self.to_unit(Fraction(quantity) * Fraction(unit_price) / Fraction(base_quantity))

    def share(self, amount: int, percent: Decimal) -> int:
        """So many percent of an amount."""
        return self.to_unit(amount * percent / _WHOLE)

    def tax_on(self, base: int, rate: Decimal) -> int:
        """The tax on a base without tax: round(base x rate)."""
        return self.to_unit(base * rate / _WHOLE) if rate else 0

    def tax_within(self, gross: int, rate: Decimal) -> int:
        """The tax contained in an amount with tax: round(gross x rate / (100 + rate)).

        With gross prices the patient pays exactly the prices shown; not every gross amount is base + round(base x
        rate), so the tax is taken out of the amount and the base is the rest.
        """
        return self.to_unit(Fraction(gross) * Fraction(rate) / (100 + Fraction(rate))) if rate else 0

    def to_multiple(self, amount: int, multiple: int) -> int:
        """The nearest multiple, for cash (`MON-6`)."""
        return amount if multiple == 1 else self.to_unit(Fraction(amount, multiple)) * multiple


NET_PRICES = RoundingPolicy("en16931-net-half-up", 1)
GROSS_PRICES = RoundingPolicy("en16931-gross-half-up", 1)
HALF_UP = Rounding(round_half_up)
ROUNDINGS: dict[RoundingPolicy, Rounding] = {NET_PRICES: HALF_UP, GROSS_PRICES: HALF_UP}
"""Every policy that ever made a document. A new version is added beside the old ones, and named in `PRESENT`."""
PRESENT: dict[bool, RoundingPolicy] = {False: NET_PRICES, True: GROSS_PRICES}
"""The policy of new documents, by whether prices include tax."""


def rounding_of(policy: RoundingPolicy) -> Rounding:
    """The rounding of a stored policy. Raises UnknownRounding for one that this release does not know."""
    try:
        return ROUNDINGS[policy]
    except KeyError:
        raise UnknownRounding(policy.id, policy.version) from None
