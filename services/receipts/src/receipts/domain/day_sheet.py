"""A clinic's day, as payments sums it up and a day sheet prints it (`PAY-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many transactions of one kind, and their sum."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What transactions sum to, by kind; `net` is what came in less what was undone or went out."""

    payments: Figure
    refunds: Figure
    cancellations: Figure
    refund_cancellations: Figure
    chargebacks: Figure
    take_backs: Figure
    insurer_withheld: Figure
    insurer_added: Figure
    insurer_interest: Figure
    interest_taken_back: Figure
    take_back_cancellations: Figure
    net: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMethod:
    """The figures of one method."""

    method: str
    method_label: str | None
    figures: Figures
    opening: Money | None = None
    """What had moved by this method before the day; None where payments does not say."""
    closing: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGroup:
    """The figures of one payment group; of payments in none where it has no name."""

    name: str | None
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """A day."""

    day: date
    totals: Figures
    by_method: tuple[OfMethod, ...]
    by_group: tuple[OfGroup, ...]
