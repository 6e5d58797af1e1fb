"""Where what tests throw away is held: in memory where there is room for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from local_stack import places


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(places, "MEMORY_BYTES_MIN", 0)


def test_memory_is_taken_where_there_is_room(tmp_path: Path) -> None:
    assert places.memory(tmp_path) == tmp_path
    folder = places.passable_folder("x", within=tmp_path)
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o711


def test_memory_that_is_too_small_or_not_there_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.memory(tmp_path / "missing") is None
    monkeypatch.setattr(places, "MEMORY_BYTES_MIN", 10**18)
    assert places.memory(tmp_path) is None


def test_where_temporary_files_are_to_be_is_heeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert places.memory(tmp_path) is None
