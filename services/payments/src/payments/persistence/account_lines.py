"""The lines of the patients' accounts, written with what they tell of; their sums are the balances (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from chassis.database.driver import driver_of
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.account import NewLine
from payments.persistence.recordset import as_json

_COLUMNS = "clinic_id, patient_id, on_date, source_id, kind, change_minor, insurers_change_minor, recorded_at"


def insert_statement(parameter: str) -> str:
    """The INSERT of lines given as JSON in a parameter, to be a part of the statement that writes their source."""
    return f"""
        INSERT INTO account_lines ({_COLUMNS})
        SELECT {_COLUMNS} FROM jsonb_populate_recordset(NULL::account_lines, {parameter}::jsonb)
    """  # noqa: S608 - our own columns


_INSERT = insert_statement("$1")


def row_of(line: NewLine) -> dict[str, Any]:
    """A line by the columns' names."""
    row = {one.name: getattr(line, one.name) for one in fields(line) if one.name != "change"}
    change = line.change
    return row | {"change_minor": change.balance_minor, "insurers_change_minor": change.insurers_credit_minor}


async def add(connection: AsyncConnection, lines: Sequence[NewLine]) -> None:
    """Write lines by themselves."""
    if lines:
        driver = await driver_of(connection)
        await driver.execute(_INSERT, as_json([row_of(line) for line in lines]))
