"""Lists as CSV (RFC 4180), for whoever goes on with a spreadsheet: written row by row, never whole in memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from chassis.http.change import Read
from chassis.http.exports import ExportAnswer
from chassis.money import Money

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
ROWS_AT_ONCE = 50
# What begins a formula, in full width too, also behind white space that a spreadsheet takes off; and what makes one
# begin anew in a cell.
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

Cell = str | int | None


async def csv_answer(read: Read, name: str, header: Sequence[str], rows: AsyncIterator[Sequence[Cell]]) -> ExportAnswer:
    """An answer that is saved as a file. Raises ProblemError (429, 503) while too many are made or read."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    async with read.exports.making(read.clinic_id) as export:
        await export.write(_written(header, rows))
    return ExportAnswer(export, headers, MEDIA_TYPE)


def said(value: object) -> str:
    """What somebody typed in, or nothing. A spreadsheet would take it for a formula where it begins like one."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def minor_units(minor: int, currency: str) -> str:
    """An amount of money as its decimal string; the currency has a column of its own."""
    return Money(minor, currency).amount


def documented(example: str) -> dict[int | str, dict[str, Any]]:
    """For `responses=`: the operation answers with CSV, like this."""
    content = {"text/csv": {"schema": {"type": "string"}, "example": example}}
    return {200: {"description": "CSV with a header line (RFC 4180), UTF-8", "content": content}}


async def several(rows: Iterable[Sequence[Cell]]) -> AsyncIterator[Sequence[Cell]]:
    """Rows that are there already."""
    for row in rows:
        yield row


async def _written(header: Sequence[str], rows: AsyncIterator[Sequence[Cell]]) -> AsyncIterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    held = 0
    async for row in rows:
        writer.writerow(row)
        held += 1
        if held >= ROWS_AT_ONCE:
            yield _taken(text)
            held = 0
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken
