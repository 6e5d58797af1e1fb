"""Amounts as events bring them, in minor units."""

from __future__ import annotations

from chassis.money import Money
from contracts.event import Amount


def minor_of(amount: Amount | None) -> int:
    """An amount in minor units; 0 where there is none. Raises MoneyError."""
    return 0 if amount is None else Money.parse(amount.amount, amount.currency).minor
