"""A patient's account over a period, as payments keeps it and a statement prints it (`PAY-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedInstallment:
    """An installment of an invoice's plan, as its receipt names it."""

    invoice_number: str
    position: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """What a patient is asked for next: of an invoice, or of an installment of its plan."""

    due: date
    amount: Money
    invoice_number: str
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftToInsurer:
    """What of an account is left to one insurer; without a name where nobody has said whose it is."""

    name: str | None
    amount: Money
    expected_write_off: Money | None = None
    """What of it is expected to be written off, not paid (`INS-1`); None where payments does not say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What is asked of a patient by how many days it is past due (`PAY-16`)."""

    not_due: Money
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    over_90_days: Money

    @property
    def amounts(self) -> tuple[Money, ...]:
        """What is not due, and then what is ever older."""
        return (self.not_due, self.days_1_30, self.days_31_60, self.days_61_90, self.over_90_days)

    @property
    def total(self) -> Money:
        """All of it."""
        return Money(sum(amount.minor for amount in self.amounts), self.not_due.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A document, or a transaction and the payment that it is about.

    `change` and `balance` are what the patient owes; below zero it is in their favor. `insurers_change` is what
    insurers have in credit more with it, or less: theirs, and no part of the balance (`INS-4`).
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
    insurers_change: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The lines of a period, in order, between the balance before and the balance after them; so insurers' credit."""

    opening: Money
    lines: tuple[AccountLine, ...]
    closing: Money
    opening_insurers_credit: Money | None = None
    closing_insurers_credit: Money | None = None
    next_due: NextDue | None = None
    """As it is now, where the period reaches until today."""
    insurers_to_pay: Money | None = None
    """What of it is left to insurers, likewise: it is asked of them (`INS-4`)."""
    insurers: tuple[LeftToInsurer, ...] = ()
    """To which of them, likewise."""
    ageing: Ageing | None = None
    """How long what is asked of the patient has been due, likewise, credit not taken off."""

    @property
    def says_what_is_asked(self) -> bool:
        """Whether its period reaches until today: of one that is over, payments does not say what is whose to pay."""
        return self.insurers_to_pay is not None

    @property
    def adds_up(self) -> bool:
        """Whether opening and changes give each balance and the closing ones."""
        return self._balances_add_up and self._insurers_credit_adds_up

    @property
    def _balances_add_up(self) -> bool:
        balance = self.opening.minor
        for line in self.lines:
            balance += line.change.minor
            if balance != line.balance.minor:
                return False
        return balance == self.closing.minor

    @property
    def _insurers_credit_adds_up(self) -> bool:
        if self.opening_insurers_credit is None or self.closing_insurers_credit is None:
            return True
        changed = sum(line.insurers_change.minor for line in self.lines if line.insurers_change is not None)
        return self.opening_insurers_credit.minor + changed == self.closing_insurers_credit.minor

    @property
    def transaction_ids(self) -> set[UUID]:
        """What may have a receipt: what the lines are about, and the payments that those are about."""
        return {id_ for line in self.lines for id_ in (line.source_id, line.payment_id) if id_}
