"""Tests that need the whole stack run in one worker: two stacks at once are more than a small machine carries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = """
import os
from pathlib import Path
import pytest

@pytest.fixture
def stack():
    return None

@pytest.mark.parametrize("turn", range(8))
def test_on_the_stack(stack, turn):
    Path({told!r}, f"stack-{{turn}}").write_text(os.environ["PYTEST_XDIST_WORKER"])

@pytest.mark.parametrize("turn", range(8))
def test_of_something_else(turn):
    Path({told!r}, f"else-{{turn}}").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_what_needs_the_stack_is_kept_in_one_worker(tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.mkdir()
    (tmp_path / "test_both.py").write_text(TESTS.format(told=str(told)))
    run = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", str(tmp_path)]
    outcome = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - its own interpreter
    assert outcome.returncode == 0, outcome.stdout
    assert len(list(told.iterdir())) == 16
    assert len({one.read_text() for one in told.glob("stack-*")}) == 1
