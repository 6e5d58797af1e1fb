"""What reports are made of, in minor units: the accountant's of tax and write-offs, and a clinic's sums (`PAY-16`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RateFigures:
    """The tax of one category and rate in one kind of document, and how many documents have it."""

    category: str
    rate: Decimal
    kind: str
    documents: int
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class KindFigures:
    """All documents of a kind by their own totals."""

    kind: str
    documents: int
    net: int
    tax: int
    cash_rounding: int
    total: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What notes of one kind gave up, and what of such was taken back; `total` is the difference."""

    kind: str
    notes: int
    given_up: int
    taken_back: int
    net: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class GivenUpFor(GivenUp):
    """The same for one reason, in the words of whoever gave it."""

    reason: str


@dataclass(frozen=True, slots=True)
class ClinicSums:
    """How many invoices a clinic has, and the sums of those that are issued."""

    issued: int
    drafts: int
    void: int
    overdue: int
    invoiced: int
    debited: int
    credited: int
    settled: int
    outstanding: int
    overdue_amount: int
