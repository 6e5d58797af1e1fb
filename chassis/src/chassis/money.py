"""Exact money: integer minor units of an ISO 4217 currency, how to round and to split it (`MON-1`, `MON-3`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import total_ordering
from typing import NoReturn, Protocol

from chassis.sentence import Sentence

_ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND".split()
_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
    "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
).split()
_DECIMALS = {
    **dict.fromkeys(_ZERO_DECIMALS, 0),
    **dict.fromkeys(_TWO_DECIMALS, 2),
    **dict.fromkeys(_THREE_DECIMALS, 3),
}
LARGEST_MINOR = 10**15
"""The largest amount, in minor units, that is taken from outside: far above any bill, far below a database's bigint."""
WHOLE_DIGITS = 12
"""How many digits an amount in a request has before its decimals, at most."""
_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_DIGITS_MAX = len(str(LARGEST_MINOR))


class MoneyError(ValueError):
    """An amount or currency that cannot be used.

    MoneyError
    ├── UnknownCurrency     no ISO 4217 code that a clinic could bill in
    ├── InvalidAmount       not a decimal number, or beyond any bill
    ├── TooManyDecimals     more decimals than the currency has (`MON-1`)
    └── CurrencyMismatch    two currencies in one calculation (`MON-2`)
    """


class UnknownCurrency(MoneyError):
    """No ISO 4217 code that a clinic could bill in."""

    field = "currency"


class InvalidAmount(MoneyError):
    """Not a decimal number, or beyond any bill."""

    field = "amount"


class TooManyDecimals(MoneyError):
    """More decimals than the currency has (`MON-1`)."""

    field = "amount"


class CurrencyMismatch(MoneyError):
    """Two currencies in one calculation (`MON-2`)."""

    field = "currency"


def decimals_of(currency: str) -> int:
    """How many decimals a currency has: 0, 2 or 3 (ISO 4217). Raises UnknownCurrency."""
    try:
        return _DECIMALS[currency]
    except KeyError:
        raise UnknownCurrency(
            Sentence("'{currency}' is not a currency that can be billed in", currency=currency)
        ) from None


def decimal_text(value: Decimal) -> str:
    """A decimal as on the wire: no exponent, no trailing zeros."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _too_many(currency: str, decimals: int, given: int) -> Sentence:
    if not decimals:
        return Sentence("{currency} has no decimals, the amount has {given}", currency=currency, given=given)
    form = "{currency} has {decimals} decimals, the amount has {given}"
    return Sentence(form, currency=currency, decimals=decimals, given=given)


class Stated(Protocol):
    """An amount as events and answers state it: a decimal string with its currency (`MON-1`)."""

    @property
    def amount(self) -> str:
        """With no more decimals than the currency has."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217."""
        ...


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` integer minor units of `currency` (`MON-1`)."""

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        """No money."""
        return cls(0, currency)

    @classmethod
    def parse(cls, amount: str, currency: str) -> Money:
        """Read a decimal string of ASCII digits, with no more decimals than the currency has, not even zeros (`MON-1`).

        Raises UnknownCurrency, InvalidAmount, TooManyDecimals.
        """
        decimals = decimals_of(currency)
        written = _AMOUNT.fullmatch(amount)
        if written is None:
            raise InvalidAmount("the amount is not a decimal number such as 86.28")
        sign, whole, fraction = written[1], written[2], written[3] or ""
        if len(fraction) > decimals:
            raise TooManyDecimals(_too_many(currency, decimals, len(fraction)))
        if len(whole) > _DIGITS_MAX or (minor := int(whole + fraction.ljust(decimals, "0"))) > LARGEST_MINOR:
            raise InvalidAmount("the amount is too large")
        return cls(-minor if sign else minor, currency)

    @classmethod
    def of(cls, stated: Stated) -> Money:
        """An amount as it was stated. Raises what `parse` does."""
        return cls.parse(stated.amount, stated.currency)

    @classmethod
    def largest(cls, currency: str) -> Money:
        """The largest amount that a request can say; what is asked for stays within it. Raises UnknownCurrency."""
        return cls(10 ** (WHOLE_DIGITS + decimals_of(currency)) - 1, currency)

    @property
    def amount(self) -> str:
        """The decimal string with all decimals of the currency: `86.28`, `1200`, `0.500`."""
        decimals = decimals_of(self.currency)
        if decimals == 0:
            return str(self.minor)
        digits = f"{abs(self.minor):0{decimals + 1}d}"
        return f"{'-' if self.minor < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __bool__(self) -> NoReturn:
        # `if fee` would take a fee of zero for no fee: a zero is a value.
        raise TypeError("money has no truth value: compare with None, or its minor units with 0")

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(
                Sentence("{wanted} was expected, not {given}", wanted=self.currency, given=other.currency)
            )
        return other


def minor_of(stated: Stated | None) -> int:
    """A stated amount in minor units; 0 where none is stated. Raises what `Money.parse` does."""
    return 0 if stated is None else Money.of(stated).minor


def round_half_up(value: Decimal | Fraction) -> int:
    """Round to an integer, halves away from zero (`MON-3`)."""
    if isinstance(value, Decimal):
        return int(value.to_integral_value(rounding=ROUND_HALF_UP))
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


def fill_in_order(total: int, rooms: Sequence[int]) -> list[int]:
    """How much of `total` each room takes, one after the other as far as it has room; no more than all have together.

    Rooms are 0 or more; of a total below 0 none takes anything.
    """
    taken = []
    for room in rooms:
        taken.append(max(0, min(total, room)))
        total -= taken[-1]
    return taken


def left_in_order(asked: Sequence[int], outstanding: int, named: Sequence[int] | None = None) -> list[int]:
    """What each part of what was asked for still asks for, now that all together ask for `outstanding`.

    What was paid meanwhile fills the parts that it named, as far as `named` says so, then the first ones. Where more
    is outstanding than the parts ask for, they ask for what they did.
    """
    paid = sum(asked) - outstanding
    by_name = fill_in_order(paid, [min(part, of) for part, of in zip(asked, named or [0] * len(asked), strict=True)])
    rest = [part - taken for part, taken in zip(asked, by_name, strict=True)]
    return [part - taken for part, taken in zip(rest, fill_in_order(paid - sum(by_name), rest), strict=True)]


def split_by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights`; the parts sum to it exactly, ties in order (`MON-3`).

    Weights may be of either sign, as returned goods are, and so then are their parts (`INV-14`). Where they sum to
    nothing, nothing can be split: a total other than 0 raises ValueError. While |total| is no more than |the weights'
    sum|, no part exceeds its weight.
    """
    whole = sum(weights)
    if whole < 0:
        whole, weights = -whole, [-weight for weight in weights]
    if whole == 0:
        if total:
            raise ValueError("nothing to split over")
        return [0] * len(weights)
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
