"""A patient's account and statement as clients are told of them (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from chassis.ages import AGES
from chassis.http import MoneyOut, Page, ResponseBody
from pydantic import ConfigDict, Field

from payments.domain.account import AccountLine, LineKind, ReceiptOf
from payments.domain.installment import Asking
from payments.domain.transaction import Method, Payer, PayerKind
from payments.http.examples import ACCOUNT_LINE_EXAMPLE, STATEMENT_EXAMPLE
from payments.http.shared_responses import example_of, money


class ReceiptOut(ResponseBody):
    """The receipt of a transaction; void once its transaction was taken back (`RCP-3`)."""

    id: UUID
    number: str
    void: bool

    @classmethod
    def of(cls, receipt: ReceiptOf) -> ReceiptOut:
        """A receipt."""
        return cls.named(receipt, id=receipt.receipt_id)


class AccountLineOut(ResponseBody):
    """One line of an account. `change` and `balance` are what the patient owes (above zero) or has in credit.

    What insurers overpaid is theirs (`INS-4`): no part of the balance, but of `insurers_credit` after the line.
    """

    model_config = example_of(ACCOUNT_LINE_EXAMPLE)

    id: UUID
    kind: LineKind
    number: str | None
    date: date
    recorded_at: datetime
    amount: MoneyOut
    change: MoneyOut
    balance: MoneyOut
    insurers_credit_change: MoneyOut
    insurers_credit: MoneyOut
    invoice_id: UUID | None
    transaction_id: UUID | None
    """The transaction that the line is, or that its receipt proves."""
    payment_id: UUID | None
    method: Method | None
    method_label: str | None
    group_id: UUID | None
    payer_kind: PayerKind | None
    payer_name: str | None
    reason_code: str | None
    reason: str | None
    recorded_by: str | None
    received_at: datetime | None
    """When a payment's money came in, which may be on another day than it was booked on; null for all else."""
    receipt: ReceiptOut | None

    @classmethod
    def of(cls, line: AccountLine, currency: str) -> AccountLineOut:
        """A line in the clinic's currency."""
        return cls.named(
            line,
            date=line.place[0],
            amount=money(line.amount_minor, currency),
            change=money(line.change.balance_minor, currency),
            balance=money(line.balance.minor, currency),
            insurers_credit_change=money(line.change.insurers_credit_minor, currency),
            insurers_credit=money(line.balance.insurers_credit_minor, currency),
            receipt=None if line.receipt is None else ReceiptOut.of(line.receipt),
        )


class NextDueOut(ResponseBody):
    """The oldest of what the patient is asked for: an invoice, or an installment of its plan (`PLN-10`, `INS-4`)."""

    invoice_id: UUID
    invoice_number: str
    installment_id: UUID | None
    position: int | None
    """The installment's place in its plan."""
    due_date: date
    amount: MoneyOut

    @classmethod
    def of(cls, asking: Asking, currency: str) -> NextDueOut:
        """What is asked for, in the clinic's currency."""
        return cls.named(
            asking,
            invoice_id=asking.invoice.invoice_id,
            invoice_number=asking.invoice.number,
            amount=money(asking.minor, currency),
        )


class InsurerOut(ResponseBody):
    """What is left to one insurer: decided, undecided or estimated, less what came of it (`INS-4`)."""

    payer_id: UUID | None
    name: str | None
    """None, as its id, where nobody has said whose it is."""
    amount: MoneyOut
    expected_write_off: MoneyOut
    """What of it is expected to be written off, not paid (`INS-1`)."""

    @classmethod
    def of(cls, payer: Payer, minor: int, write_off_minor: int, currency: str) -> InsurerOut:
        """An insurer's part, in the clinic's currency."""
        return cls.named(payer, amount=money(minor, currency), expected_write_off=money(write_off_minor, currency))


class AgesOut(ResponseBody):
    """What is owed by how many days it is past due; on its due date something is not due yet (`PAY-16`)."""

    not_due: MoneyOut
    days_1_30: MoneyOut
    days_31_60: MoneyOut
    days_61_90: MoneyOut
    over_90_days: MoneyOut
    total: MoneyOut

    @classmethod
    def of(cls, amounts: Sequence[int], currency: str) -> AgesOut:
        """An amount in minor units for each age, in the clinic's currency."""
        ages = {age: money(minor, currency) for age, minor in zip(AGES, amounts, strict=True)}
        return cls(**ages, total=money(sum(amounts), currency))


class StatementOut(ResponseBody):
    """A part of a statement. The opening balance and all changes of the period sum to the closing balance.

    So it is with what insurers have in credit, which is no part of the balance (`INS-4`).
    """

    model_config = example_of(STATEMENT_EXAMPLE) | ConfigDict(populate_by_name=True)

    patient_id: UUID
    from_day: Annotated[date | None, Field(alias="from")]
    """None where it begins with the account."""
    to_day: Annotated[date, Field(alias="to")]
    opening_balance: MoneyOut
    closing_balance: MoneyOut
    opening_insurers_credit: MoneyOut
    closing_insurers_credit: MoneyOut
    items: list[AccountLineOut]
    next: str | None
    next_due: NextDueOut | None
    """What the patient is asked for next, as of now: on the first page of a period that reaches until today."""
    insurers_to_pay: MoneyOut | None
    """What of the balance is left to insurers, likewise, as the ageing of the same moment has it (`INS-4`, `PAY-16`).

    What they decided to pay and have not, what is undecided, and what those that have not decided are estimated to
    take: of an invoice that none has decided on, all that is estimated.
    """
    insurers: list[InsurerOut] | None
    """Whose that is, likewise; it is their sum."""
    ageing: AgesOut | None
    """How long what is asked of the patient has been due today, likewise; the patient's credit is not taken off it."""


class AccountOut(Page[AccountLineOut]):
    """A part of an account; `patient_id` is the record of the register that goes on, where others are one with it."""

    patient_id: UUID
