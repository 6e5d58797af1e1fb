"""The journal as the accountant reads it (`PAY-12`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from pydantic import Field

from payments.domain.journal import Account
from payments.domain.transaction import Method, PayerKind
from payments.http.examples import ENTRY_EXAMPLE, TRIAL_BALANCE_EXAMPLE
from payments.http.shared_responses import example_of

AccountKind = Literal["asset", "liability", "income", "expense"]


class SumsOut(ResponseBody):
    """What entries add up to. `balance` is debits less credits of all entries up to the last day."""

    opening: MoneyOut
    debits: MoneyOut
    credits: MoneyOut
    balance: MoneyOut


class PartOut(SumsOut):
    """The part of an account that has one method and one kind of payer; null where entries have none."""

    method: Method | None
    payer_kind: PayerKind | None


class JournalAccountOut(SumsOut):
    """One account; its parts add up to it."""

    account: Account
    kind: AccountKind
    entries: int
    parts: list[PartOut]


class TrialBalanceOut(ResponseBody):
    """All accounts; debits equal credits, and the balances add up to nothing."""

    model_config = example_of(TRIAL_BALANCE_EXAMPLE)

    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    accounts: list[JournalAccountOut]
    totals: SumsOut
    balanced: bool


class EntryOut(ResponseBody):
    """One line of a posting: a debit or a credit, and whom it concerns."""

    model_config = example_of(ENTRY_EXAMPLE)

    entry_id: int
    booked_on: date
    posting_id: UUID
    kind: str | None
    number: str | None
    account: Account
    debit: MoneyOut | None
    credit: MoneyOut | None
    method: Method | None
    payer_kind: PayerKind | None
    patient_id: UUID | None
    invoice_id: UUID | None
    payment_id: UUID | None
