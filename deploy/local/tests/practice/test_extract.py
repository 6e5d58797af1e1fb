"""An extract is read whole and consistent, or the complaint names file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from local_stack.practice.csv_rows import COLUMNS
from local_stack.practice.extract import DataError, Extract
from local_stack.practice.ledger import SECONDARY_INSURER

Edits = Callable[[str, Callable[[list[dict[str, str]]], None]], Path]


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def complaint(folder: Path) -> str:
    with pytest.raises(DataError) as error, Extract(folder) as extract:
        extract.check()
    return str(error.value)


def test_clinic_day_is_read_whole(clinic_day: Path) -> None:
    with Extract(clinic_day) as extract:
        size = extract.check()
    ledger = rows_of(clinic_day, "transactions.csv")
    assert size.visits == len(rows_of(clinic_day, "visits.csv"))
    assert size.procedures == sum(row["type"] == "CHARGE" for row in ledger)
    assert size.payments == sum(row["type"] == "PAYMENT" for row in ledger)
    assert size.clinics == len(rows_of(clinic_day, "clinics.csv"))
    assert size.patients == len(rows_of(clinic_day, "patients.csv")) <= size.registrations


def test_clinic_day_is_small_and_has_every_kind_of_payer(clinic_day: Path) -> None:
    assert sum(path.stat().st_size for path in clinic_day.glob("*.csv")) < 200_000
    with Extract(clinic_day) as extract:
        visits = list(extract.visits())
    payers = {payment.payer for visit in visits for payment in visit.payments}
    assert {payer.kind for payer in payers} == {"patient", "insurer"}
    assert SECONDARY_INSURER in payers
    assert {None} < {visit.insurer for visit in visits}
    assert {p.method for v in visits for p in v.payments} == {"cash", "bank_card", "check", "insurance"}


def test_the_ledgers_own_outstanding_is_charges_minus_payments(clinic_day: Path) -> None:
    with Extract(clinic_day) as extract:
        for visit in extract.visits():
            assert visit.outstanding == visit.total - sum(visit.paid_by_method().values())


def test_a_second_insurer_pays_after_the_transfer_only(clinic_day: Path) -> None:
    with Extract(clinic_day) as extract:
        visit = next(v for v in extract.visits() if any(p.payer == SECONDARY_INSURER for p in v.payments))
    payers = [payment.payer for payment in visit.payments if payment.method == "insurance"]
    assert payers[:2] == [visit.insurer, SECONDARY_INSURER]
    assert visit.insurer in payers[2:], "the next charge is asked of the first insurer again"


def test_identifiers_are_the_datas_where_it_has_uuids_and_the_same_each_time(clinic_day: Path) -> None:
    with Extract(clinic_day) as first, Extract(clinic_day) as second:
        visits, again = list(first.visits()), list(second.visits())
    assert visits == again
    assert {str(visit.id) for visit in visits} == {row["visit_id"] for row in rows_of(clinic_day, "visits.csv")}
    procedures = [procedure.id for visit in visits for procedure in visit.procedures]
    assert len(set(procedures)) == len(procedures)


def test_until_leaves_later_visits_out_and_keeps_that_days(clinic_day: Path) -> None:
    days = sorted(row["start"][:10] for row in rows_of(clinic_day, "visits.csv"))
    with Extract(clinic_day, until=date.fromisoformat(days[9])) as extract:
        assert extract.check().visits == sum(day <= days[9] for day in days)


def test_patients_keeps_the_first_of_the_file(clinic_day: Path) -> None:
    first = {row["patient_id"] for row in rows_of(clinic_day, "patients.csv")[:3]}
    with Extract(clinic_day, patients=3) as extract:
        assert {str(visit.patient_id) for visit in extract.visits()} == first
        assert {str(patient.id) for patient in extract.patients()} == first


def test_visits_come_by_start_and_by_clinic(clinic_day: Path) -> None:
    with Extract(clinic_day) as extract:
        visits = list(extract.visits())
        by_clinic = [visit for clinic in extract.clinics() for visit in extract.visits(clinic)]
    assert visits == sorted(visits, key=lambda visit: visit.start)
    assert sorted(by_clinic, key=lambda visit: visit.id) == sorted(visits, key=lambda visit: visit.id)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    assert complaint(tmp_path / "nowhere") == f"there is no folder {tmp_path / 'nowhere'}"


@pytest.mark.parametrize("file", COLUMNS)
def test_missing_file_is_named(clinic_day: Path, file: str) -> None:
    (clinic_day / file).unlink()
    assert complaint(clinic_day).startswith(f"{file} is not in {clinic_day}")


@pytest.mark.parametrize(("file", "column"), [(file, columns[-1]) for file, columns in COLUMNS.items()])
def test_missing_column_is_named_with_its_file(edit: Edits, file: str, column: str) -> None:
    def drop(rows: list[dict[str, str]]) -> None:
        for row in rows:
            del row[column]

    folder = edit(file, drop)
    assert complaint(folder).startswith(f"{file}, line 1: the column {column} is missing")


@pytest.mark.parametrize(
    ("file", "column", "value", "said"),
    [
        ("visits.csv", "start", "yesterday", "'yesterday' is not a time"),
        ("visits.csv", "start", "2026-01-02T03:04:05", "does not say its offset"),
        ("visits.csv", "clinic_id", "elsewhere", "'elsewhere' is not in clinics.csv"),
        ("visits.csv", "patient_id", "", "'' is not in patients.csv"),
        ("procedures.csv", "visit_id", "never", "'never' is not in visits.csv"),
        ("patients.csv", "birth_date", "1900-02-30", "'1900-02-30' is not a date"),
        ("transactions.csv", "amount", "431.4", "'431.4' is not an amount"),
        ("transactions.csv", "amount", "-431.40", "is negative"),
        ("transactions.csv", "sequence", "one", "'one' is not a whole number"),
        ("transactions.csv", "type", "GIFT", "'GIFT' is none of CHARGE"),
        ("transactions.csv", "adjustments", "1.00", "knows no adjustments"),
        ("transactions.csv", "procedure_code", "999", "999 is no procedure of this visit"),
    ],
)
def test_malformed_value_is_named_with_file_line_and_column(
    edit: Edits, file: str, column: str, value: str, said: str
) -> None:
    folder = edit(file, lambda rows: rows[0].update({column: value}))
    text = complaint(folder)
    assert text.startswith(f"{file}, line 2, column {column}: ")
    assert said in text


def test_row_of_the_wrong_length_is_named(clinic_day: Path) -> None:
    with (clinic_day / "payers.csv").open("a", encoding="utf-8") as stream:
        stream.write("one,two\n")
    assert complaint(clinic_day) == "payers.csv, line 12: 2 fields where the header has 3"


def test_the_same_visit_twice_is_refused(edit: Edits) -> None:
    folder = edit("visits.csv", lambda rows: rows.append(dict(rows[0])))
    assert complaint(folder).endswith(f"{rows_of(folder, 'visits.csv')[0]['visit_id']} is there twice")


def test_unknown_method_of_payment_is_refused(edit: Edits) -> None:
    def spoil(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["type"] == "PAYMENT")["method"] = "SHELLS"

    assert "'SHELLS' is none of ECHECK, CASH, COPAY, CC, CHECK" in complaint(edit("transactions.csv", spoil))


def test_procedure_without_a_charge_is_refused(edit: Edits) -> None:
    folder = edit("procedures.csv", lambda rows: rows.append(dict(rows[0])))
    assert complaint(folder).endswith("the procedure has no CHARGE in transactions.csv")


def test_nothing_to_play_is_said(clinic_day: Path) -> None:
    with pytest.raises(DataError, match="no visit to play"), Extract(clinic_day, until=date(1990, 1, 1)) as extract:
        extract.check()


def test_data_that_is_not_utf8_is_refused(clinic_day: Path) -> None:
    (clinic_day / "patients.csv").write_bytes((clinic_day / "patients.csv").read_text("utf-8").encode("utf-16"))
    assert complaint(clinic_day).startswith("patients.csv is not UTF-8")
