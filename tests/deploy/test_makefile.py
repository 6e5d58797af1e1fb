"""The Makefile where nothing, or not all, was set up yet."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"


def test_clean_removes_a_checkout_that_was_never_set_up_to_its_end(tmp_path: Path) -> None:
    shutil.copy(MAKEFILE, tmp_path)
    for made in (".venv/bin", ".local", "src/__pycache__"):
        (tmp_path / made).mkdir(parents=True)
    _make(tmp_path, "clean")
    assert [path.name for path in tmp_path.iterdir() if path.name != "Makefile"] == ["src"]
    assert not list((tmp_path / "src").iterdir())


def test_clean_keeps_all_where_the_stack_cannot_be_stopped(tmp_path: Path) -> None:
    shutil.copy(MAKEFILE, tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, code in (("python", 0), ("stack", 2)):
        (programs / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (programs / name).chmod(0o755)
    _make(tmp_path, "clean", code=2)
    assert (programs / "stack").exists()


def _make(folder: Path, target: str, *, code: int = 0) -> None:
    done = subprocess.run(["make", target], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert done.returncode == code, done.stderr
