"""The answers of payments as far as documents print them; what else they hold is not read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.money import Money
from pydantic import BaseModel

from receipts.domain.account import Account, AccountLine, Ageing, LeftToInsurer, NextDue
from receipts.domain.day_sheet import DaySheet, Figure, Figures, OfGroup, OfMethod


class MoneyAnswer(BaseModel):
    """An amount."""

    amount: str
    currency: str

    def money(self) -> Money:
        """As exact money."""
        return Money.of(self)


class CreditAnswer(BaseModel):
    """What a patient has in credit."""

    balance: MoneyAnswer


def _money(answer: MoneyAnswer | None) -> Money | None:
    return answer.money() if answer else None


class LineAnswer(BaseModel):
    """A line of an account."""

    id: UUID
    payment_id: UUID | None
    kind: str
    number: str | None
    date: date
    amount: MoneyAnswer
    change: MoneyAnswer
    balance: MoneyAnswer
    method: str | None
    method_label: str | None
    insurers_credit_change: MoneyAnswer | None = None

    def line(self) -> AccountLine:
        """As the domain knows it."""
        return AccountLine(
            source_id=self.id,
            payment_id=self.payment_id,
            kind=self.kind,
            number=self.number,
            on=self.date,
            amount=self.amount.money(),
            change=self.change.money(),
            balance=self.balance.money(),
            method=self.method,
            method_label=self.method_label,
            insurers_change=_money(self.insurers_credit_change),
        )


class NextDueAnswer(BaseModel):
    """What the patient is asked for next."""

    invoice_number: str
    position: int | None = None
    due_date: date
    amount: MoneyAnswer

    def next_due(self) -> NextDue:
        """As the domain knows it."""
        return NextDue(
            due=self.due_date, amount=self.amount.money(), invoice_number=self.invoice_number, position=self.position
        )


class InsurerAnswer(BaseModel):
    """What is left to one insurer."""

    name: str | None
    amount: MoneyAnswer
    expected_write_off: MoneyAnswer | None = None

    def left(self) -> LeftToInsurer:
        """As the domain knows it."""
        off = _money(self.expected_write_off)
        return LeftToInsurer(name=self.name, amount=self.amount.money(), expected_write_off=off)


class AgesAnswer(BaseModel):
    """What is asked of the patient by age."""

    not_due: MoneyAnswer
    days_1_30: MoneyAnswer
    days_31_60: MoneyAnswer
    days_61_90: MoneyAnswer
    over_90_days: MoneyAnswer

    def ageing(self) -> Ageing:
        """As the domain knows it."""
        return Ageing(
            not_due=self.not_due.money(),
            days_1_30=self.days_1_30.money(),
            days_31_60=self.days_31_60.money(),
            days_61_90=self.days_61_90.money(),
            over_90_days=self.over_90_days.money(),
        )


class StatementPage(BaseModel):
    """A page of a statement, between the balances before and after its period."""

    opening_balance: MoneyAnswer
    closing_balance: MoneyAnswer
    opening_insurers_credit: MoneyAnswer | None = None
    closing_insurers_credit: MoneyAnswer | None = None
    items: list[LineAnswer]
    next: str | None
    next_due: NextDueAnswer | None = None
    insurers_to_pay: MoneyAnswer | None = None
    insurers: list[InsurerAnswer] | None = None
    ageing: AgesAnswer | None = None

    def account(self) -> Account:
        """What this page has of the account."""
        return Account(
            opening=self.opening_balance.money(),
            lines=tuple(item.line() for item in self.items),
            closing=self.closing_balance.money(),
            opening_insurers_credit=_money(self.opening_insurers_credit),
            closing_insurers_credit=_money(self.closing_insurers_credit),
            next_due=self.next_due.next_due() if self.next_due else None,
            insurers_to_pay=_money(self.insurers_to_pay),
            insurers=tuple(one.left() for one in self.insurers or ()),
            ageing=self.ageing.ageing() if self.ageing else None,
        )


class FigureAnswer(BaseModel):
    """How many, and how much."""

    count: int
    amount: MoneyAnswer

    def figure(self) -> Figure:
        """As the domain knows it."""
        return Figure(count=self.count, amount=self.amount.money())


class FiguresAnswer(BaseModel):
    """A row of a day sheet."""

    payments: FigureAnswer
    refunds: FigureAnswer
    cancellations: FigureAnswer
    refund_cancellations: FigureAnswer
    chargebacks: FigureAnswer
    take_backs: FigureAnswer | None = None
    """None where payments does not know of them yet; so the next ones."""
    insurer_withheld: FigureAnswer | None = None
    insurer_added: FigureAnswer | None = None
    insurer_interest: FigureAnswer | None = None
    interest_taken_back: FigureAnswer | None = None
    take_back_cancellations: FigureAnswer | None = None
    net: MoneyAnswer

    def figures(self) -> Figures:
        """As the domain knows them."""
        return Figures(
            payments=self.payments.figure(),
            refunds=self.refunds.figure(),
            cancellations=self.cancellations.figure(),
            refund_cancellations=self.refund_cancellations.figure(),
            chargebacks=self.chargebacks.figure(),
            take_backs=self._figure(self.take_backs),
            insurer_withheld=self._figure(self.insurer_withheld),
            insurer_added=self._figure(self.insurer_added),
            insurer_interest=self._figure(self.insurer_interest),
            interest_taken_back=self._figure(self.interest_taken_back),
            take_back_cancellations=self._figure(self.take_back_cancellations),
            net=self.net.money(),
        )

    def _figure(self, told: FigureAnswer | None) -> Figure:
        return told.figure() if told else Figure(count=0, amount=Money(0, self.net.currency))


class MethodAnswer(FiguresAnswer):
    """The row of a method, between what had moved by it before and what has moved with it."""

    method: str
    method_label: str | None
    opening: MoneyAnswer | None = None
    closing: MoneyAnswer | None = None

    def of_method(self) -> OfMethod:
        """As the domain knows it."""
        return OfMethod(
            method=self.method,
            method_label=self.method_label,
            figures=self.figures(),
            opening=_money(self.opening),
            closing=_money(self.closing),
        )


class GroupAnswer(FiguresAnswer):
    """The row of a group."""

    group_name: str | None


class DaySheetAnswer(BaseModel):
    """A day sheet."""

    date: date
    totals: FiguresAnswer
    by_method: list[MethodAnswer]
    by_group: list[GroupAnswer]

    def day_sheet(self) -> DaySheet:
        """As the domain knows it."""
        return DaySheet(
            day=self.date,
            totals=self.totals.figures(),
            by_method=tuple(one.of_method() for one in self.by_method),
            by_group=tuple(OfGroup(name=one.group_name, figures=one.figures()) for one in self.by_group),
        )
