"""A patient's account over a period, as payments keeps it and a statement prints it (`PAY-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A document, or a transaction and the payment that it is about.

    `change` and `balance` are what the patient owes; below zero it is in their favor.
    """

    source_id: UUID
    payment_id: UUID | None
    kind: str
    number: str | None
    on: date
    amount: Money
    change: Money
    balance: Money
    method: str | None
    method_label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The lines of a period, in order, between the balance before and the balance after them."""

    opening: Money
    lines: tuple[AccountLine, ...]
    closing: Money

    @property
    def adds_up(self) -> bool:
        """Whether opening and changes give each balance and the closing one."""
        balance = self.opening.minor
        for line in self.lines:
            balance += line.change.minor
            if balance != line.balance.minor:
                return False
        return balance == self.closing.minor

    @property
    def transaction_ids(self) -> set[UUID]:
        """What may have a receipt: what the lines are about, and the payments that those are about."""
        return {one for line in self.lines for one in (line.source_id, line.payment_id) if one}
