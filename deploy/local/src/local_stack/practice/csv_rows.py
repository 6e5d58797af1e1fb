"""Reading the CSV files of an extract: every complaint names the file, the line and the column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from local_stack.practice.ledger import derived_id, in_cents

COLUMNS: dict[str, tuple[str, ...]] = {
    "clinics.csv": ("clinic_id", "name", "address", "city", "state", "zip", "phone"),
    "patients.csv": (
        "patient_id", "first_name", "last_name", "birth_date", "address", "city", "state", "zip",
    ),
    "payers.csv": ("payer_id", "name", "ownership"),
    "visits.csv": (
        "visit_id", "clinic_id", "provider_id", "patient_id", "payer_id", "start", "stop", "description",
    ),
    "procedures.csv": (
        "visit_id", "patient_id", "start", "stop", "code_system", "code", "description", "base_cost",
    ),
    "transactions.csv": (
        "claim_id", "sequence", "visit_id", "patient_id", "type", "method", "procedure_code", "note", "amount",
        "payments", "adjustments", "transfers", "transfer_to", "outstanding", "date",
    ),
}  # fmt: skip
"""The files of an extract and the columns that they must have, as `data/clinic-day/README.md` explains them."""

T = TypeVar("T")


class DataError(Exception):
    """The extract cannot be played as it is; the text says what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one file, with its line for complaints."""

    file: str
    line: int
    values: dict[str, str]

    def complain(self, column: str, what: str) -> DataError:
        """The complaint about one column of this row."""
        return DataError(f"{self.file}, line {self.line}, column {column}: {what}")

    def text(self, column: str) -> str:
        """A text that must not be empty."""
        value = self.values[column].strip()
        if not value:
            raise self.complain(column, "is empty")
        return value

    def _parse(self, column: str, parse: Callable[[str], T], example: str) -> T:
        try:
            return parse(self.text(column))
        except ValueError as error:
            raise self.complain(column, f"{self.values[column]!r} is not {example}") from error

    def identifier(self, column: str) -> UUID:
        """The identifier as it is where it is a UUID, else one derived from it."""
        value = self.text(column)
        try:
            return UUID(value)
        except ValueError:
            return derived_id(column, value)

    def cents(self, column: str) -> int:
        """An amount of money, not negative."""
        cents = self._parse(column, in_cents, "an amount such as 86.28")
        if cents < 0:
            raise self.complain(column, f"{self.values[column]} is negative; the player knows no negative amounts")
        return cents

    def number(self, column: str) -> int:
        """A whole number."""
        return self._parse(column, int, "a whole number")

    def day(self, column: str) -> date:
        """A calendar day."""
        return self._parse(column, date.fromisoformat, "a date such as 2026-11-15")

    def moment(self, column: str) -> datetime:
        """A moment with its offset from UTC."""
        moment = self._parse(column, datetime.fromisoformat, "a time such as 2026-11-15T13:02:28Z")
        if moment.tzinfo is None:
            raise self.complain(column, f"{self.values[column]!r} does not say its offset from UTC, such as Z")
        return moment


def read_rows(folder: Path, file: str) -> Iterator[Row]:
    """The rows of one file of the extract, in order."""
    path = folder / file
    if not path.is_file():
        raise DataError(f"{file} is not in {folder}: an extract has {', '.join(COLUMNS)}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _rows_of(stream, file)
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from error
    except csv.Error as error:
        raise DataError(f"{file} cannot be read as CSV: {error}") from error


def _rows_of(stream: Iterator[str], file: str) -> Iterator[Row]:
    reader = csv.reader(stream, strict=True)
    header = next(reader, [])
    missing = [column for column in COLUMNS[file] if column not in header]
    if missing:
        found = ", ".join(header) or "no column"
        raise DataError(f"{file}, line 1: the column {', '.join(missing)} is missing; there is {found}")
    for fields in reader:
        if len(fields) != len(header):
            raise DataError(f"{file}, line {reader.line_num}: {len(fields)} fields where the header has {len(header)}")
        yield Row(file, reader.line_num, dict(zip(header, fields, strict=True)))
