"""A copy of the clinic day that a test may spoil."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

CLINIC_DAY = Path(__file__).resolve().parents[2] / "data" / "clinic-day"

Edit = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def clinic_day(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLINIC_DAY, tmp_path / "clinic-day"))


@pytest.fixture
def edit(clinic_day: Path) -> Callable[[str, Edit], Path]:
    """Change rows of one file of the copy."""

    def change(file: str, edit_rows: Edit) -> Path:
        path = clinic_day / file
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        edit_rows(rows)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return clinic_day

    return change
