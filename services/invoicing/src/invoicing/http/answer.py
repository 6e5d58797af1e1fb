"""What all answers have in common: a frozen model, amounts and decimals as the wire has them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from chassis.http import MoneyOut
from chassis.money import Money
from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    @classmethod
    def built(cls, members: dict[str, Any]) -> Self:
        """The answer of all its members, right as they are: of hundreds of lines, validating is most of the time."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", members)
        object.__setattr__(made, "__pydantic_fields_set__", set(members))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


@lru_cache(maxsize=4096)
def shown(minor: int, currency: str) -> MoneyOut:
    """An amount in minor units as the wire has it."""
    return MoneyOut.of(Money(minor, currency))
