"""A stack in the background: `up` leaves a supervisor of its own session behind, `down` has it stop."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local_stack import state
from local_stack.arguments import as_flag, options_given
from local_stack.looking import describe
from local_stack.processes import tail
from local_stack.state import State
from local_stack.supervisor import Stack
from local_stack.trouble import CannotRun

START_SECONDS_MAX = 900.0
"""Longer than all its parts may take one after the other, so that whichever was not ready says so by itself."""
STOP_SECONDS_MAX = 90.0

_POLL_SECONDS = 0.1


def up(home: Path, arguments: argparse.Namespace) -> int:
    """Start the stack of `home`, wait until it is healthy, print where everything is.

    Raises CannotRun, also when the stack runs already, and otherwise than it is asked for now.
    """
    said = state.running(home)
    if said is not None and said.phase == "healthy":
        if late := too_late(arguments, said):
            raise CannotRun(f"The stack runs already, too late for {', '.join(late)}: stop it first (`make down`).")
        print("The stack runs already.")  # noqa: T201 - a person watches
    else:
        said = _begin(home, arguments)
    print(describe(home, said))  # noqa: T201 - a person watches
    return 0


def too_late(arguments: argparse.Namespace, said: State) -> list[str]:
    """What a command line asks for that a stack, once it runs, does not become."""
    running = said.options | {"port_base": said.ports["invoicing"]}
    other = [as_flag(name) for name, value in options_given(arguments).items() if value != running.get(name)]
    return (["--fresh"] if arguments.fresh else []) + other


def down(home: Path, *, erase: bool) -> int:
    """Stop the stack of `home`, if it runs; with `erase`, throw its data away."""
    said = state.running(home)
    if said is None:
        print("No stack runs.")  # noqa: T201 - a person watches
    else:
        os.kill(said.pid, signal.SIGTERM)
        if not _until(lambda: not state.is_locked(home), STOP_SECONDS_MAX):
            raise CannotRun(f"The stack (process {said.pid}) did not stop in {STOP_SECONDS_MAX:.0f} s.")
        print("The stack has stopped; its data is kept." if not erase else "The stack has stopped.")  # noqa: T201 - same
    if erase and home.exists():
        with state.lock(home):
            Stack(home).erase()
    return 0


def _begin(home: Path, arguments: argparse.Namespace) -> State:
    log = home.with_name(home.name + ".supervisor.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    state.forget(home)
    with log.open("wb") as output:
        supervisor = subprocess.Popen(  # noqa: S603 - this very command
            [sys.executable, "-m", "local_stack.main", "--home", str(home), *_as_given(arguments)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        ended = ("healthy", "failed")
        _until(lambda: supervisor.poll() is not None or _phase(home) in ended, START_SECONDS_MAX, _Showing(home, log))
    except KeyboardInterrupt:
        supervisor.terminate()
        supervisor.wait()
        raise
    said = state.read(home)
    if supervisor.poll() is not None or said is None or said.phase != "healthy":
        supervisor.terminate()
        supervisor.wait()
        state.forget(home)
        raise CannotRun((said.trouble if said else "") or _unexplained(home, log))
    return said


def _unexplained(home: Path, log: Path) -> str:
    """What is told where the supervisor itself could say nothing any more."""
    return f"The stack did not start. Its parts' logs are in {home / 'logs'}. Its own, {log}, ends so:\n{tail(log)}"


def _as_given(arguments: argparse.Namespace) -> list[str]:
    given = ["run", *(["--fresh"] if arguments.fresh else [])]
    for name, value in options_given(arguments).items():
        given += [as_flag(name), str(value)]
    return given


def _phase(home: Path) -> str:
    said = state.read(home)
    return said.phase if said is not None else ""


class _Showing:
    """Prints what the supervisor's log gains, until it has failed: its trouble is told once, by the caller."""

    def __init__(self, home: Path, log: Path) -> None:
        self._home = home
        self._log = log
        self._shown = 0

    def __call__(self) -> None:
        said = self._log.read_text(errors="replace")
        if _phase(self._home) == "failed":
            return
        whole_lines = said[: said.rfind("\n") + 1]
        sys.stdout.write(whole_lines[self._shown :])
        sys.stdout.flush()
        self._shown = len(whole_lines)


def _until(reached: Callable[[], bool], patience_seconds: float, meanwhile: Callable[[], None] = lambda: None) -> bool:
    """Wait until `reached`; False when patience ran out."""
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        done = reached()
        meanwhile()
        if done:
            return True
        signal.sigtimedwait([], _POLL_SECONDS)
    return False
