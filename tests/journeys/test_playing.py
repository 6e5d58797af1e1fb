"""The player: what it played agrees with the ledger, and a ledger that is wrong is found out."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from local_stack.practice.ledger import as_amount, in_cents
from local_stack.practice.play import AGREES, CANNOT, DIFFERS, Asked, run
from local_stack.supervisor import Stack
from rich.console import Console


async def played(stack: Stack, asked: Asked) -> tuple[int, str]:
    said = io.StringIO()
    code = await run(stack.layout.addresses(), asked, Console(file=said, width=200))
    return code, said.getvalue()


async def test_three_patients_agree_and_a_second_play_changes_nothing(stack: Stack, clinic_day: Path) -> None:
    code, said = await played(stack, Asked(clinic_day, patients=3))
    assert code == AGREES, said
    assert "agree with the ledger" in said
    again, said = await played(stack, Asked(clinic_day, patients=3))
    assert again == AGREES, said
    assert "Sent 0 visits, 0 decisions of insurers and 0 payments" in said


async def test_a_wrong_row_of_the_ledger_is_named(stack: Stack, clinic_day: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(clinic_day, tmp_path / "spoilt"))
    visit = _take_a_cent_off_a_payment(spoilt)
    code, said = await played(stack, Asked(spoilt, patients=1))
    assert code == DIFFERS, said
    named = [line for line in said.splitlines() if line.startswith("  visit ")]
    assert all(visit in line for line in named), said
    wrong = ("outstanding 0.01 on ", "decided to be the patient's part 0.01 on ")
    assert [what in line for what, line in zip(wrong, named, strict=True)] == [True, True], said


async def test_a_malformed_row_is_named_and_nothing_is_played(stack: Stack, clinic_day: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(clinic_day, tmp_path / "spoilt"))
    visits = (spoilt / "visits.csv").read_text("utf-8")
    (spoilt / "visits.csv").write_text(visits.replace("T", "t o'clock", 1), "utf-8")
    code, said = await played(stack, Asked(spoilt))
    assert code == CANNOT
    assert said.startswith("Not played: visits.csv, line 2, column start: ")


def _take_a_cent_off_a_payment(folder: Path) -> str:
    """Spoil a payment of the last patient, who becomes the first of the file; returns its visit."""
    patients = _read(folder / "patients.csv")[::-1]
    _write(folder / "patients.csv", patients)
    rows = _read(folder / "transactions.csv")
    row = [row for row in rows if row["type"] == "PAYMENT" and row["patient_id"] == patients[0]["patient_id"]][-1]
    row["payments"] = as_amount(in_cents(row["payments"]) - 1)
    _write(folder / "transactions.csv", rows)
    return row["visit_id"]


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
