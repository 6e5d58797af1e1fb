"""The command's arguments: what it cannot take is named before anything is started."""

from __future__ import annotations

import subprocess
from argparse import Namespace
from pathlib import Path

import pytest
from local_stack.arguments import PORT_BASE_MAX
from local_stack.background import too_late
from local_stack.places import command
from local_stack.state import State


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["up", "--port-base", "99999"], f"--port-base: '99999' is not a whole number from 1 to {PORT_BASE_MAX}"),
        (["up", "--port-base=-5"], f"--port-base: '-5' is not a whole number from 1 to {PORT_BASE_MAX}"),
        (["up", "--api-processes", "0"], "--api-processes: '0' is not a whole number from 1 to 64"),
        (["up", "--trace-ratio", "5"], "--trace-ratio: '5' is not a number from 0 to 1"),
        (["up", "--trace-ratio", "nan"], "--trace-ratio: 'nan' is not a number from 0 to 1"),
        (["play", "--data", ".", "--patients", "-3"], "--patients: '-3' is not a whole number from 1 to 1000000000"),
        (["play", "--data", ".", "--patients", "0"], "--patients: '0' is not a whole number from 1 to 1000000000"),
        (["play", "--data", ".", "--until", "2020-99-99"], "--until: '2020-99-99' is not a day such as 2026-01-31"),
    ],
)
def test_what_is_out_of_range_is_named(tmp_path: Path, arguments: list[str], named: str) -> None:
    asked = [command("stack"), "--home", str(tmp_path / "stack"), *arguments]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - the stack's own command
    assert done.returncode == 2
    assert named in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_a_running_stack_does_not_become_is_named() -> None:
    running = State("healthy", 1, {"invoicing": 20_000}, {"port_base": None, "trace_ratio": 1.0, "api_processes": 1})
    other = Namespace(fresh=True, port_base=21_000, trace_ratio=0.5, api_processes=1)
    assert too_late(other, running) == ["--fresh", "--port-base", "--trace-ratio"]


def test_a_stack_that_runs_as_asked_is_taken_as_it_is() -> None:
    running = State("healthy", 1, {"invoicing": 20_000}, {"port_base": None, "trace_ratio": 0.5})
    assert too_late(Namespace(fresh=False), running) == []
    assert too_late(Namespace(fresh=False, port_base=20_000, trace_ratio=0.5), running) == []


def test_remittance_takes_what_the_importers_refusals_name() -> None:
    asked = [command("stack"), "remittance", "--help"]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own
    assert all(option in shown for option in ("--payer", "--another", "--book"))
