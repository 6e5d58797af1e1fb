"""Amounts and decimals as events have them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from chassis.money import Money
from contracts.event import Amount


def decimal_text(value: Decimal) -> str:
    """A decimal as on the wire: no exponent, no trailing zeros."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


@lru_cache(maxsize=4096)
def amount(minor: int, currency: str) -> Amount:
    """An amount in minor units, checked and written once for each: an event has half a dozen.

    What breaks the contract is refused here, before it is announced: every consumer would set it aside.
    """
    return Amount(amount=Money(minor, currency).amount, currency=currency)
