"""What a person who sees a draft sees of its prices and taxes, and one word for all of it (`MON-9`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from chassis.money import Money

from invoicing.domain.content import Content
from invoicing.domain.line import Tax
from invoicing.domain.totals import Pricing, Totals

Figures = tuple[Any, ...]
LENGTH = 32
"""Of the word: 128 bits, as hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What whoever issues a draft says to have seen: the word for all of it, its total, or both."""

    word: str | None = None
    total: Money | None = None


NOTHING_CONFIRMED = Confirmed()


def figures_of(content: Content, totals: Totals, pricing: Pricing) -> Figures:
    """All that is seen of prices and taxes: each line's and charge's, the tax groups with their reasons, the totals."""
    lines = zip(content.lines, totals.lines, strict=True)
    charges = zip(content.charges, totals.charges, strict=True)
    return (
        (pricing.currency, pricing.prices_include_tax),
        [(_plain(one.unit_price), _plain(one.base_quantity), own.net, *_tax(one.tax)) for one, own in lines],
        [(own.net, *_tax(one.tax)) for one, own in charges],
        [(*_tax(group.tax), group.base, group.amount, *group.reasons) for group in totals.groups],
        (totals.net, totals.discount, totals.charge, totals.tax, totals.cash_rounding, totals.total),
    )


def confirmation_of(figures: Figures) -> str:
    """The same word for the same figures, in a draft, its preview and a refusal, and another for any others."""
    return sha256(json.dumps(figures).encode()).hexdigest()[:LENGTH]


def _tax(tax: Tax) -> Iterable[str | None]:
    return tax.code, tax.category, _plain(tax.rate), tax.exemption_reason


def _plain(value: int | Decimal) -> str:
    """A number as it is, however many zeros it was stored with."""
    return format(Decimal(value).normalize(), "f")
