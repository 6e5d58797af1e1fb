"""Waiting for what follows a day: looking takes little of a machine that is busy with what is looked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from local_stack.practice import following
from local_stack.practice.api import Api
from local_stack.practice.following import PAUSE_SECONDS, PAUSES_OF_A_LOOK, SILENCE_SECONDS, until_all_followed
from local_stack.practice.ledger import Clinic
from local_stack.practice.outcome import Outcome
from local_stack.practice.problems import Stuck
from local_stack.practice.progress import Steps
from rich.console import Console

CLINIC = UUID("019ab7c0-0001-7000-8000-000000000001")


class Machine:
    """A clock that looks and pauses move, and receipts of which one is stored with each look."""

    def __init__(self, look_seconds: float, stored_each_look: int = 1) -> None:
        self.now = 0.0
        self.pauses: list[float] = []
        self._look_seconds = look_seconds
        self._stored = 0
        self._each_look = stored_each_look

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    async def read_receipts(self, _: Api, __: Clinic, outcome: Outcome) -> None:
        self.now += self._look_seconds
        self._stored += self._each_look
        for number in range(self._stored):
            outcome.receipts[str(number)] = cast("Any", SimpleNamespace(stored=True))

    async def read_emails(self, _: Api, __: Clinic, outcome: Outcome) -> None:
        outcome.emails["sent"] = 10


def on(machine: Machine, patched: pytest.MonkeyPatch) -> Outcome:
    patched.setattr(following, "time", SimpleNamespace(monotonic=machine.monotonic))
    patched.setattr(following, "asyncio", SimpleNamespace(sleep=machine.sleep))
    patched.setattr(following, "read_receipts", machine.read_receipts)
    patched.setattr(following, "read_emails", machine.read_emails)
    outcome = Outcome(clinics={CLINIC: cast("Clinic", SimpleNamespace(id=CLINIC))})
    outcome.refunds.count = 5
    return outcome


@pytest.mark.parametrize(("look_seconds", "pause"), [(0.01, PAUSE_SECONDS), (2.0, 2.0 * PAUSES_OF_A_LOOK)])
async def test_the_longer_a_look_takes_the_longer_nothing_is_asked(
    look_seconds: float, pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(look_seconds)
    outcome = on(machine, monkeypatch)
    with Steps(Console(quiet=True)) as steps:
        await until_all_followed(cast("Api", None), outcome, steps)
    assert machine.pauses == [pytest.approx(pause)] * 4
    assert outcome.stored_receipts == outcome.receipts_due


async def test_what_stands_still_is_given_up_however_seldom_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(look_seconds=20.0, stored_each_look=0)
    outcome = on(machine, monkeypatch)
    with Steps(Console(quiet=True)) as steps, pytest.raises(Stuck, match="5 of 5 receipts are not stored"):
        await until_all_followed(cast("Api", None), outcome, steps)
    assert machine.now > SILENCE_SECONDS
    assert len(machine.pauses) >= 1
