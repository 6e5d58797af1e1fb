"""Every operation of invoicing and payments is asked by a part of the bench, so that new ones join it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCH = Path(__file__).parents[1] / "bench"
PARTS = ("plans", "decisions", "desk", "till", "ledgers")
METHODS = {"get", "post", "put", "patch", "delete"}
NOT_MEASURED: dict[tuple[str, str], str] = {}
"""An operation and the reason why nobody needs to know how fast it is. There is none."""


@pytest.fixture(scope="module")
def bench() -> Iterator[dict[str, ModuleType]]:
    """The parts that are tables of asks, imported as the bench imports them, and the bench itself."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(BENCH))
        yield {name: importlib.import_module(name) for name in PARTS}
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if file and Path(file).parent == BENCH:
            del sys.modules[name]


def asked(bench: dict[str, ModuleType]) -> list[Any]:
    """What the parts ask: nothing is asked, so it may be of nobody."""
    return [ask for module in bench.values() for ask in module.asks(None)]


@pytest.fixture(scope="module")
def offered() -> set[tuple[str, str]]:
    found = set()
    for service in ("invoicing", "payments"):
        document = importlib.import_module(f"{service}.app").service.app().openapi()
        for path, item in document["paths"].items():
            found |= {(service, f"{method.upper()} {path}") for method in item if method in METHODS}
    return found


def missing(operations: set[tuple[str, str]], asks: list[Any]) -> list[str]:
    measured = {(ask.service, ask.operation) for ask in asks}
    return sorted(f"{service}: {operation}" for service, operation in operations - measured - NOT_MEASURED.keys())


def test_every_operation_is_measured_or_it_is_said_why_not(
    bench: dict[str, ModuleType], offered: set[tuple[str, str]]
) -> None:
    assert missing(offered, asked(bench)) == [], "add it to a part in tests/bench, or say why not"


def test_an_operation_that_no_part_asks_is_missed(bench: dict[str, ModuleType], offered: set[tuple[str, str]]) -> None:
    asks = [ask for ask in asked(bench) if ask.operation != "POST /v1/remittances"]
    assert missing(offered, asks) == ["payments: POST /v1/remittances"]


def test_nothing_is_asked_or_excepted_that_is_not_offered(
    bench: dict[str, ModuleType], offered: set[tuple[str, str]]
) -> None:
    named = {(ask.service, ask.operation) for ask in asked(bench)} | NOT_MEASURED.keys()
    assert named - offered == set()


def test_the_figures_of_the_parts_have_names_of_their_own(bench: dict[str, ModuleType]) -> None:
    names = [ask.name for ask in asked(bench)]
    assert sorted(names) == sorted(set(names))


@pytest.fixture
def main(bench: dict[str, ModuleType]) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_main", BENCH / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    main = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(main)
    return main


def test_the_bench_runs_every_part(main: ModuleType) -> None:
    assert set(PARTS) <= set(main.PARTS)
    assert {"overload", "slow_readers"} <= set(main.PARTS)
    assert set(main.PARTS) & set(main.LONG) == set()


@pytest.mark.parametrize(("value", "code"), [(1.9, 0), (2.1, 1)])
def test_a_target_that_is_missed_is_named_and_ends_the_bench_with_another_code_than_0(
    main: ModuleType, value: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = importlib.import_module("figures").Figure

    async def measured(wanted: list[str], api_processes: int, documents: int) -> list[Any]:
        assert (wanted, api_processes, documents) == (["demo_beside_loops"], 2, 5_000)
        return [figure("make demo", value, "times", 2.0, at_least=False), figure("payments", 1.0, "/s")]

    monkeypatch.setattr(main, "_measure", measured)
    monkeypatch.setattr(sys, "argv", ["bench", "demo-beside-loops"])
    assert main.main() == code
    said = capsys.readouterr().err
    assert said == ("Missed: make demo is 2.1 times, and should be at most 2.\n" if code else "")
