"""The lines of the patients' accounts, written with what they tell of; their sums are the balances (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from chassis.database.driver import driver_of
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.journal import AccountChange
from payments.persistence.recordset import as_json

LineKind = Literal[
    "invoice",
    "credit_note",
    "debit_note",
    "void",
    "refund_adjustment",
    "receipt",
    "payment",
    "refund",
    "cancellation",
    "refund_cancellation",
    "chargeback",
    "credit_application",
    "application_cancellation",
    "allocation_move",
    "move_cancellation",
    "credit_transfer_out",
    "credit_transfer_in",
    "release",
    "take_back",
    "take_back_cancellation",
    "insurer_withheld",
    "insurer_added",
    "insurer_interest",
    "interest_taken_back",
]

_COLUMNS = "clinic_id, patient_id, on_date, source_id, kind, change_minor, insurers_change_minor, recorded_at"


def insert_statement(parameter: str) -> str:
    """The INSERT of lines given as JSON in a parameter, to be a part of the statement that writes their source."""
    return f"""
        INSERT INTO account_lines ({_COLUMNS})
        SELECT {_COLUMNS} FROM jsonb_populate_recordset(NULL::account_lines, {parameter}::jsonb)
    """  # noqa: S608 - our own columns


_INSERT = insert_statement("$1")


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be written: whose account, on which day, what it tells of, and how it changes the account."""

    clinic_id: UUID
    patient_id: UUID
    on_date: date
    source_id: UUID
    kind: LineKind
    change: AccountChange
    recorded_at: datetime

    def as_row(self) -> dict[str, Any]:
        """By column."""
        row = {name: getattr(self, name) for name in self.__slots__}
        change: AccountChange = row.pop("change")
        return row | {
            "change_minor": change.balance_minor,
            "insurers_change_minor": change.insurers_credit_minor,
        }


async def add(connection: AsyncConnection, lines: Sequence[NewLine]) -> None:
    """Write lines by themselves."""
    if lines:
        driver = await driver_of(connection)
        await driver.execute(_INSERT, as_json([line.as_row() for line in lines]))
