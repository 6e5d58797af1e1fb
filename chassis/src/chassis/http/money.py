"""Money on the wire: a decimal string and its currency (`MON-1`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chassis.http.patterns import CURRENCY, pattern
from chassis.http.problems import Invalid
from chassis.money import WHOLE_DIGITS, Money, MoneyError
from chassis.sentence import Sentence

# Longer decimals are refused with their currency, which says how many it has.
_AMOUNT = pattern(rf"^-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,9}})?$", "is not an amount such as 86.28")
_Amount = Annotated[str, Field(pattern=_AMOUNT, examples=["86.28"])]
# A sum of many amounts may be longer than any of them.
_Shown = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]{1,3})?$", examples=["86.28"])]
_Currency = Annotated[str, Field(pattern=CURRENCY, examples=["USD"])]


class MoneyIn(BaseModel):
    """An amount of money in a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: _Amount
    currency: _Currency

    def to_money(self, field: str) -> Money:
        """The money. Raises Invalid (422), naming `field`, for an unknown currency or too many decimals."""
        try:
            return Money.of(self)
        except MoneyError as error:
            raise Invalid(f"{field}.{getattr(error, 'field', 'amount')}", Sentence.of(error)) from None


def money_in(given: MoneyIn | None, field: str) -> Money | None:
    """The money of a member that may be left out. Raises Invalid (422), as `to_money` does."""
    return given.to_money(field) if given is not None else None


class MoneyOut(BaseModel):
    """An amount of money in an answer, with all decimals of its currency."""

    model_config = ConfigDict(frozen=True)

    amount: _Shown
    currency: _Currency

    @classmethod
    def of(cls, money: Money) -> MoneyOut:
        """As the wire has it."""
        return cls.model_construct(amount=money.amount, currency=money.currency)


@lru_cache(maxsize=4096)
def money_out(minor: int, currency: str) -> MoneyOut:
    """An amount in minor units as the wire has it, written once for each: an answer has dozens."""
    return MoneyOut.of(Money(minor, currency))
