"""What all answers have in common: a frozen model, amounts and decimals as the wire has them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from chassis.http import MoneyOut
from chassis.money import Money
from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


@lru_cache(maxsize=4096)
def shown(minor: int, currency: str) -> MoneyOut:
    """An amount in minor units as the wire has it."""
    return MoneyOut.of(Money(minor, currency))
