"""What an account statement says: the account over a period as it stood when it was asked for (`PAY-9`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from chassis.clock import today
from chassis.money import Money

from receipts.documents.content.people import Party
from receipts.domain.account import Account, AccountLine, Ageing, LeftToInsurer, NamedInstallment, NextDue
from receipts.domain.people import Clinic, Paper, Patient
from receipts.domain.settings import DocumentSettings, PaymentDetails

_SILENT = frozenset({"receipt"})
"""Lines that say only that another line has a document: its number stands beside that line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line; `change` is above zero for what was charged, below it for what was paid or credited.

    `insurers_change` is what insurers have in credit more, or less (`INS-4`).
    """

    on: date
    kind: str
    number: str | None
    method: str | None
    method_label: str | None
    amount: Money
    change: Money
    balance: Money
    insurers_change: Money | None = None
    installments: tuple[NamedInstallment, ...] = ()
    """Those that a payment settled, as its receipt names them (`PLN-10`)."""
    received_on: date | None = None
    """The day on which a payment's money came in, where it was recorded on another (`PAY-9`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContent:
    """Everything that a statement prints."""

    clinic_id: UUID
    clinic_version: int
    language: str
    paper: Paper
    patient: Party
    made_on: date
    from_day: date | None
    to_day: date | None
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money
    insurers_credit: Money | None = None
    """What insurers had in credit at its end; None where they neither had any nor had had any (`INS-4`)."""
    next_due: NextDue | None = None
    insurers_to_pay: Money | None = None
    """What of the closing balance is asked of insurers, as they decided (`INS-4`); None where it is nothing."""
    insurers: tuple[LeftToInsurer, ...] = ()
    """Of which of them how much; nothing where payments does not say it."""
    ageing: Ageing | None = None
    """How long what is asked of the patient has been due, before credit; None where nothing is, or of a past period."""
    payment: PaymentDetails | None = None
    """How it is paid (`RCP-11`); None of a past period: what was owed then is not what is asked now."""
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""
    asks: bool = True
    """Whether it asks for its balance; one of a period that is over says what was owed then."""

    @property
    def asked(self) -> Money:
        """What of the closing balance is the patient's to pay; below zero it is in their favor."""
        if self.insurers_to_pay is None:
            return self.closing
        return Money(max(0, self.closing.minor - self.insurers_to_pay.minor), self.closing.currency)


def compose_statement(
    account: Account,
    *,
    language: str,
    clinic: Clinic,
    patient: Patient,
    settings: DocumentSettings,
    receipt_numbers: Mapping[UUID, str],
    installments: Mapping[UUID, Sequence[NamedInstallment]] = MappingProxyType({}),
    received: Mapping[UUID, datetime] = MappingProxyType({}),
    made_on: date,
    from_day: date | None,
    to_day: date | None,
) -> StatementContent:
    """Say what the account was; a transaction is named by its receipt's number, else by that of its payment.

    `received` has when the money of payments came in, where that was not when they were recorded.
    """
    days = {one: today(at, clinic.time_zone) for one, at in received.items()}
    return StatementContent(
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        language=language,
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        patient=Party.of(patient),
        made_on=made_on,
        from_day=from_day,
        to_day=to_day,
        opening=account.opening,
        lines=tuple(
            replace(_line(line, receipt_numbers, installments), received_on=_received_on(line, days))
            for line in account.lines
            if line.kind not in _SILENT
        ),
        closing=account.closing,
        insurers_credit=_insurers_credit(account),
        next_due=account.next_due,
        insurers_to_pay=_insurers_to_pay(account),
        insurers=account.insurers if _insurers_to_pay(account) is not None else (),
        ageing=account.ageing if account.ageing is not None and account.ageing.total.minor else None,
        payment=settings.payment_details if account.says_what_is_asked else None,
        asks=account.says_what_is_asked,
    )


def _insurers_credit(account: Account) -> Money | None:
    moved = any(line.insurers_change is not None and line.insurers_change.minor for line in account.lines)
    closing = account.closing_insurers_credit
    return closing if moved or (closing is not None and closing.minor) else None


def _insurers_to_pay(account: Account) -> Money | None:
    theirs = account.insurers_to_pay
    return theirs if theirs is not None and theirs.minor > 0 and account.closing.minor > 0 else None


def _received_on(line: AccountLine, days: Mapping[UUID, date]) -> date | None:
    day = days.get(line.source_id)
    return day if day != line.on else None


def _line(
    line: AccountLine, receipt_numbers: Mapping[UUID, str], installments: Mapping[UUID, Sequence[NamedInstallment]]
) -> StatementLine:
    return StatementLine(
        on=line.on,
        kind=line.kind,
        number=line.number
        or receipt_numbers.get(line.source_id)
        or receipt_numbers.get(line.payment_id or line.source_id),
        method=line.method,
        method_label=line.method_label,
        amount=line.amount,
        change=line.change,
        balance=line.balance,
        insurers_change=line.insurers_change,
        installments=tuple(installments.get(line.source_id, ())),
    )
