"""What the machine lacks is said in sentences."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from local_stack import prerequisites
from local_stack.prerequisites import check_prerequisites
from local_stack.trouble import CannotRun


def test_too_little_disk_is_said_with_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites, "DISK_BYTES_MIN", shutil.disk_usage(tmp_path).total + 1)
    with pytest.raises(CannotRun, match=f"MB are free.*{tmp_path.name}"):
        check_prerequisites(tmp_path / "not yet there")


def test_missing_library_is_named_by_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites, "_LIBRARIES", {"libabsent.so.9": "libabsent9"})
    with pytest.raises(CannotRun, match="without libabsent9: run `make setup`"):
        check_prerequisites(tmp_path)
