"""How tests are shared out: what needs the whole stack in one worker, and so is each file, as its fixtures are."""

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

FILE = """
import os
from pathlib import Path
import pytest

@pytest.fixture(scope="module", autouse=True)
def dear():
    with Path({told!r}, Path(__file__).stem).open("a") as file:
        print(os.environ["PYTEST_XDIST_WORKER"], file=file)

@pytest.mark.parametrize("turn", range(8))
def test_with_what_is_dear(turn):
    pass
"""


ONE_AFTER_THE_OTHER = """
from pathlib import Path
import pytest

TOLD = Path({told!r}, "in order")

def note(what):
    with TOLD.open("a") as file:
        print(what, file=file)

@pytest.fixture(scope="session")
def stack():
    yield
    note("stack ended")

@pytest.fixture(scope="session")
def proof(stack):
    yield
    note("proven")

def test_on_the_stack(stack, proof):
    note("on the stack")

@pytest.mark.xdist_group("stack")
@pytest.mark.parametrize("turn", range(2))
def test_on_the_stack_again(stack, turn):
    note("on the stack")

@pytest.mark.parametrize("turn", range(3))
def test_of_something_else(turn):
    note("something else")
"""


def test_the_stack_ends_with_the_last_test_of_it_and_not_with_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_in_order.py").write_text(ONE_AFTER_THE_OTHER.format(told=str(tmp_path)))
    shared_out(tmp_path, workers=1)
    told = (tmp_path / "in order").read_text().splitlines()
    assert told == ["on the stack"] * 3 + ["proven", "stack ended"] + ["something else"] * 3


def test_what_a_file_shares_is_made_once(tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.mkdir()
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"test_{name}.py").write_text(FILE.format(told=str(told)))
    shared_out(tmp_path)
    makers = [path.read_text().split() for path in told.iterdir()]
    assert [len(one) for one in makers] == [1, 1, 1, 1]
    assert len({maker for (maker,) in makers}) == 2


def shared_out(folder: Path, workers: int = 2) -> None:
    run = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "loadgroup", "-q", str(folder)]
    outcome = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - its own interpreter
    assert outcome.returncode == 0, outcome.stdout


def test_what_needs_the_stack_is_kept_in_one_worker(tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.mkdir()
    (tmp_path / "test_both.py").write_text(TESTS.format(told=str(told)))
    shared_out(tmp_path)
    assert len(list(told.iterdir())) == 16
    assert len({path.read_text() for path in told.glob("stack-*")}) == 1
