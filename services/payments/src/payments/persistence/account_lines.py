"""The lines of the patients' accounts, written with what they tell of; their sums are the balances (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from chassis.database.rows import Record, Rows
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.account import NewLine
from payments.persistence.tables import ACCOUNT_LINES

LINE_ROWS = Rows(ACCOUNT_LINES, also=["insurers_change_minor"])
_BY_NAME = [member.name for member in fields(NewLine) if member.name != "change"]


def row_of(line: NewLine) -> Record:
    """A line by the columns' names."""
    return {name: getattr(line, name) for name in _BY_NAME} | {
        "change_minor": line.change.balance_minor,
        "insurers_change_minor": line.change.insurers_credit_minor,
    }


async def add(connection: AsyncConnection, lines: Sequence[NewLine]) -> None:
    """Write lines by themselves."""
    await LINE_ROWS.insert(connection, [row_of(line) for line in lines])
