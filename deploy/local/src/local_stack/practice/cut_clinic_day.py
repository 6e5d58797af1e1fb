"""Cut the clinic day out of a larger extract: `python -m local_stack.practice.cut_clinic_day SOURCE TARGET`."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

SINCE = "2025"
CLINICS = 25
CHARGES_OF_A_VISIT = 7
"""Longer visits stay out: the day is to be small enough to be committed."""
FILES = ("clinics.csv", "patients.csv", "payers.csv", "visits.csv", "procedures.csv", "transactions.csv")

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, rows: Rows) -> None:
    """The rows, under the columns of the first."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def busiest(visits: Rows, charges: Counter[str]) -> set[str]:
    """The clinics with the most patients, then those with the most visits that were more than a referral."""
    patients: dict[str, set[str]] = defaultdict(set)
    treated: Counter[str] = Counter()
    for visit in visits:
        patients[visit["clinic_id"]].add(visit["patient_id"])
        treated[visit["clinic_id"]] += charges[visit["visit_id"]] > 1
    ranked = sorted(patients, key=lambda clinic: (-len(patients[clinic]), -treated[clinic], clinic))
    return set(ranked[:CLINICS])


def choose(visits: Rows, charges: Counter[str]) -> set[str]:
    """The latest visits to the busiest clinics, of each patient one treatment and one referral at most."""
    recent = [row for row in visits if row["start"] >= SINCE]
    clinics = busiest(recent, charges)
    chosen: dict[tuple[str, bool], str] = {}
    for visit in sorted(recent, key=lambda row: row["start"], reverse=True):
        fits = visit["clinic_id"] in clinics and charges[visit["visit_id"]] <= CHARGES_OF_A_VISIT
        if fits:
            treated = charges[visit["visit_id"]] > 1
            chosen.setdefault((visit["patient_id"], treated), visit["visit_id"])
    return set(chosen.values())


def cut(source: Path, target: Path) -> None:
    """Write the chosen visits, and of every other file what they refer to; the payers all."""
    whole = {file: read(source / file) for file in FILES}
    charges = Counter(row["visit_id"] for row in whole["transactions.csv"] if row["type"] == "CHARGE")
    chosen = choose(whole["visits.csv"], charges)
    for file in ("visits.csv", "procedures.csv", "transactions.csv"):
        whole[file] = [row for row in whole[file] if row["visit_id"] in chosen]
    for file, key in (("clinics.csv", "clinic_id"), ("patients.csv", "patient_id")):
        referred = {row[key] for row in whole["visits.csv"]}
        whole[file] = [row for row in whole[file] if row[key] in referred]
    target.mkdir(parents=True, exist_ok=True)
    for file, rows in whole.items():
        write(target / file, rows)


if __name__ == "__main__":
    cut(Path(sys.argv[1]), Path(sys.argv[2]))
