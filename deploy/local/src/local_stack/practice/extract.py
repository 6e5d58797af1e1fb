"""An extract of dental visits, read from its CSV files and handed out visit by visit in the order of their days."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from local_stack.practice.csv_rows import COLUMNS, DataError, Row, read_rows
from local_stack.practice.ledger import Clinic, Patient, Payer, Visit
from local_stack.practice.visit_rows import visit_of

NO_INSURANCE = "NO_INSURANCE"

_INDEXED = {
    "clinics.csv": "clinic_id",
    "patients.csv": "patient_id",
    "payers.csv": "payer_id",
    "visits.csv": "visit_id",
    "procedures.csv": "visit_id",
    "transactions.csv": "visit_id",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to play."""

    clinics: int
    patients: int
    registrations: int
    visits: int
    procedures: int
    payments: int
    decisions: int


class Extract:
    """The CSV files of a folder behind an index on disk, so that memory does not grow with the extract.

    `until` leaves out visits that start after that day (UTC); `patients` keeps the first so many of patients.csv.
    """

    def __init__(self, folder: Path, *, until: date | None = None, patients: int | None = None) -> None:
        if not folder.is_dir():
            raise DataError(f"there is no folder {folder}")
        self._rows = sqlite3.connect("")  # an unnamed database: on disk when it grows, gone when closed
        try:
            for file, key in _INDEXED.items():
                self._load(folder, file, key)
            self._check_references()
            self._choose(until, patients)
        except DataError:
            self._rows.close()
            raise

    def __enter__(self) -> Self:
        """The extract itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the index."""
        self._rows.close()

    def clinics(self) -> Iterator[Clinic]:
        """The clinics of the chosen visits."""
        chosen = "SELECT line, row FROM clinics WHERE key IN (SELECT clinic FROM chosen) ORDER BY line"
        for row in self._select("clinics.csv", chosen):
            yield Clinic(
                row.identifier("clinic_id"),
                row.text("clinic_id"),
                row.text("name"),
                row.values["address"],
                row.values["city"],
                row.values["state"],
                row.values["zip"],
                row.values["phone"],
            )

    def registrations(self) -> Iterator[tuple[Clinic, Patient]]:
        """Each patient once for each clinic that they visit."""
        clinics = {clinic.id: clinic for clinic in self.clinics()}
        patients = {patient.id: patient for patient in self.patients()}
        pairs = "SELECT line, row FROM visits WHERE line IN (SELECT min(line) FROM chosen GROUP BY clinic, patient)"
        for row in self._select("visits.csv", f"{pairs} ORDER BY line"):
            yield clinics[row.identifier("clinic_id")], patients[row.identifier("patient_id")]

    def patients(self) -> Iterator[Patient]:
        """The patients of the chosen visits."""
        chosen = "SELECT line, row FROM patients WHERE key IN (SELECT patient FROM chosen) ORDER BY line"
        for row in self._select("patients.csv", chosen):
            yield Patient(
                row.identifier("patient_id"),
                row.text("first_name"),
                row.text("last_name"),
                row.day("birth_date"),
                row.values["address"],
                row.values["city"],
                row.values["state"],
                row.values["zip"],
            )

    def visits(self, clinic: Clinic | None = None) -> Iterator[Visit]:
        """The chosen visits, all or those to one clinic, with their procedures and ledger, by start."""
        insurers = self._insurers()
        chosen = "SELECT visits.line, row FROM visits JOIN chosen USING (line)"
        if clinic is not None:
            chosen += " WHERE chosen.clinic = ?"
        arguments = () if clinic is None else (clinic.key,)
        for row in self._select("visits.csv", f"{chosen} ORDER BY chosen.start, chosen.line", *arguments):
            key = row.text("visit_id")
            yield visit_of(
                row,
                insurers[row.text("payer_id")],
                list(self._of_visit("procedures.csv", key)),
                list(self._of_visit("transactions.csv", key)),
            )

    def check(self) -> Size:
        """Read all that will be played once: a malformed row is found before anything was sent."""
        found: Counter[str] = Counter()
        for visit in self.visits():
            found["visits"] += 1
            found["procedures"] += len(visit.procedures)
            found["payments"] += len(visit.payments)
            found["decisions"] += len(visit.decisions)
        if not found["visits"]:
            raise DataError("visits.csv has no visit to play (after UNTIL and PATIENTS)")
        return Size(
            clinics=sum(1 for _ in self.clinics()),
            patients=sum(1 for _ in self.patients()),
            registrations=sum(1 for _ in self.registrations()),
            **found,
        )

    def _load(self, folder: Path, file: str, key: str) -> None:
        table = file.removesuffix(".csv")
        self._rows.execute(f"CREATE TABLE {table} (key TEXT, line INTEGER PRIMARY KEY, row TEXT)")
        rows = ((row.text(key), row.line, json.dumps(row.values)) for row in read_rows(folder, file))
        self._rows.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608 - a name of our own
        self._rows.execute(f"CREATE INDEX {table}_key ON {table} (key)")
        if file in ("clinics.csv", "patients.csv", "payers.csv", "visits.csv"):
            twice = f"SELECT line, row FROM {table} GROUP BY key HAVING count(*) > 1 AND line = max(line)"  # noqa: S608
            for row in self._select(file, twice):
                raise row.complain(key, f"{row.text(key)} is there twice")

    def _check_references(self) -> None:
        for file, column in (
            ("visits.csv", "clinic_id"), ("visits.csv", "patient_id"), ("visits.csv", "payer_id"),
            ("procedures.csv", "visit_id"), ("transactions.csv", "visit_id"),
        ):  # fmt: skip
            target = f"{column.removesuffix('_id')}s"
            dangling = (
                f"SELECT line, row FROM {file.removesuffix('.csv')} WHERE trim(row ->> '{column}') NOT IN "  # noqa: S608
                f"(SELECT key FROM {target}) LIMIT 1"
            )
            for row in self._select(file, dangling):
                raise row.complain(column, f"{row.values[column]!r} is not in {target}.csv")

    def _choose(self, until: date | None, patients: int | None) -> None:
        self._rows.execute("CREATE TABLE chosen (line INTEGER PRIMARY KEY, start TEXT, clinic TEXT, patient TEXT)")
        most = -1 if patients is None else patients
        first = self._rows.execute("SELECT key FROM patients ORDER BY line LIMIT ?", (most,))
        wanted = {key for (key,) in first}
        every = self._select("visits.csv", "SELECT line, row FROM visits ORDER BY line")
        self._rows.executemany("INSERT INTO chosen VALUES (?, ?, ?, ?)", list(_chosen(every, until, wanted)))

    def _insurers(self) -> dict[str, Payer | None]:
        rows = self._select("payers.csv", "SELECT line, row FROM payers")
        return {
            row.text("payer_id"): None
            if row.values["ownership"] == NO_INSURANCE
            else Payer("insurer", row.identifier("payer_id"), row.text("name"))
            for row in rows
        }

    def _of_visit(self, file: str, key: str) -> Iterator[Row]:
        table = file.removesuffix(".csv")
        return self._select(file, f"SELECT line, row FROM {table} WHERE key = ? ORDER BY line", key)  # noqa: S608

    def _select(self, file: str, query: str, *arguments: str) -> Iterator[Row]:
        for line, row in self._rows.execute(query, arguments):
            yield Row(file, line, json.loads(row))


def _chosen(rows: Iterable[Row], until: date | None, patients: set[str]) -> Iterator[tuple[int, str, str, str]]:
    for row in rows:
        start: datetime = row.moment("start").astimezone(UTC)
        if (until is None or start.date() <= until) and row.text("patient_id") in patients:
            yield row.line, start.isoformat(), row.text("clinic_id"), row.text("patient_id")


__all__ = ["COLUMNS", "DataError", "Extract", "Size"]
