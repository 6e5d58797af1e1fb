"""Amounts as events have them."""

from __future__ import annotations

from functools import lru_cache

from chassis.money import Money
from contracts.event import Amount


@lru_cache(maxsize=4096)
def amount(minor: int, currency: str) -> Amount:
    """An amount in minor units, checked and written once for each: an event has half a dozen.

    What breaks the contract is refused here, before it is announced: every consumer would set it aside.
    """
    return Amount(amount=Money(minor, currency).amount, currency=currency)
