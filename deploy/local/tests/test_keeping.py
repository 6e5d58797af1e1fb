"""Whatever ends by itself is started again, with growing delays; one that ends all the time stops nobody else."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from chassis.testing.eventually import eventually
from local_stack import state
from local_stack.keeping import LONGEST_DELAY_SECONDS, WELL_SECONDS, Keeping, Program
from local_stack.places import passable_folder
from local_stack.supervisor import Stack
from local_stack.trouble import CannotRun


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class Broken:
    """A program that ends as soon as it was started, or cannot even be."""

    def __init__(self, *, cannot: bool = False) -> None:
        self.starts: list[float] = []
        self.runs = False
        self.cannot = cannot

    def program(self, clock: Clock) -> Program:
        async def start() -> None:
            self.starts.append(clock())
            if self.cannot:
                raise CannotRun("It is broken:\nbecause.")

        return Program("broken", lambda: not self.runs, start)


async def looked(keeping: Keeping, clock: Clock, program: Program, seconds: int) -> None:
    for _ in range(seconds):
        await keeping.look([program])
        clock.seconds += 1


async def test_it_is_started_at_once_then_ever_later_and_never_given_up() -> None:
    """One process that died eleven times stopped everything."""
    clock, broken = Clock(), Broken()
    keeping = Keeping(clock)
    await looked(keeping, clock, broken.program(clock), 1_000)
    waits = [later - sooner for sooner, later in zip(broken.starts, broken.starts[1:], strict=False)]
    assert broken.starts[0] == 1_000.0
    assert len(broken.starts) > 11
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST_DELAY_SECONDS + 1


async def test_what_cannot_be_started_is_tried_again_and_said_why() -> None:
    clock, broken = Clock(), Broken(cannot=True)
    keeping = Keeping(clock)
    await looked(keeping, clock, broken.program(clock), 10)
    assert len(broken.starts) > 1
    (line,) = keeping.told()
    assert re.fullmatch(r"broken ended by itself once, and is started again in \d+ s \(It is broken:\)", line)


async def test_who_ran_well_for_a_while_begins_anew() -> None:
    clock, broken = Clock(), Broken()
    keeping = Keeping(clock)
    await looked(keeping, clock, broken.program(clock), 100)
    broken.runs = True
    await looked(keeping, clock, broken.program(clock), int(WELL_SECONDS) + 1)
    broken.runs = False
    before = clock()
    await looked(keeping, clock, broken.program(clock), 1)
    assert broken.starts[-1] == before
    assert keeping.told()[0].endswith("and runs again")


async def test_who_never_ended_is_not_told_of() -> None:
    clock, broken = Clock(), Broken()
    broken.runs = True
    keeping = Keeping(clock)
    assert not await keeping.look([broken.program(clock)])
    assert keeping.told() == []


def test_a_state_of_before_can_be_read(tmp_path: Path) -> None:
    """Of a stack that was started before the checkout was updated."""
    (tmp_path / "state.json").write_text('{"phase": "healthy", "pid": 1, "ports": {}, "options": {}, "trouble": ""}')
    said = state.read(tmp_path)
    assert said is not None
    assert said.ended == []


@pytest.fixture
async def servers() -> AsyncIterator[Stack]:
    """A stack of its own without services: its database is killed."""
    folder = passable_folder("kept")
    stack = Stack(folder / "stack", durable=False)
    try:
        stack.home.mkdir()
        stack.layout = stack._laid_out()
        stack._make_servers()
        stack._start_edge()
        await asyncio.gather(stack._postgres.start(), stack._kafka.start())
        yield stack
    finally:
        await stack.stop()
        stack.erase()
        shutil.rmtree(folder)


async def test_servers_and_edge_that_are_killed_are_started_again(servers: Stack) -> None:
    """Killed, the database, the broker or the edge ended the stack with all that ran in it."""
    told, notes = asyncio.Event(), list[list[str]]()
    watching = asyncio.create_task(servers.watch(told, lambda: notes.append(servers.keeping.told())))
    killed = {name: program.pid for name, program in _children(servers).items()}
    for program in _children(servers).values():
        program.send(signal.SIGKILL)

    async def all_run_again() -> bool:
        now = _children(servers)
        return all(now[name].running and now[name].pid != pid for name, pid in killed.items())

    await eventually(all_run_again, within_seconds=180)

    async def so_it_is_said() -> bool:
        return bool(notes) and sorted(notes[-1]) == sorted(
            f"{name} ended by itself once, and runs again" for name in killed
        )

    await eventually(so_it_is_said, within_seconds=180)
    told.set()
    await watching


def _children(stack: Stack) -> dict[str, Any]:
    return {"postgres": stack._postgres.child, "kafka": stack._kafka.child, "edge": stack.processes["edge"]}
