"""Child processes: they end with their parent, however it ends, and their logs stay bounded."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from chassis.testing.eventually import eventually
from local_stack.layout import ROLES
from local_stack.processes import LOG_BYTES_MAX, spawn, trim
from local_stack.supervisor import WORKERS_NICENESS, niceness_of

SLEEPER = [sys.executable, "-c", "import signal; print('here', flush=True); signal.pause()"]
PARENT = """
import sys
from pathlib import Path
from local_stack.processes import spawn
print(spawn("child", [sys.executable, "-c", "import signal; signal.pause()"], log=Path(sys.argv[1])).pid, flush=True)
sys.stdin.read()
"""


async def test_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    pipe = subprocess.PIPE
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, log, stdin=pipe, stdout=pipe)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()

    async def gone() -> bool:
        return not alive(child)

    await eventually(gone)


async def test_stopping_ends_in_order_what_listens_to_the_signal(tmp_path: Path) -> None:
    child = spawn("sleeper", SLEEPER, log=tmp_path / "log")
    assert await child.stop(patience_seconds=10)
    assert child.process.returncode == -signal.SIGTERM


async def test_stopping_kills_what_does_not_end(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True)\nwhile 1: signal.pause()"
    child = spawn("deaf", [sys.executable, "-c", deaf], log=tmp_path / "log")

    async def is_deaf() -> bool:
        return child.last_words() == "deaf"

    await eventually(is_deaf)
    assert not await child.stop(patience_seconds=0.2)
    assert child.process.returncode == -signal.SIGKILL


def test_a_nice_child_stands_back_in_its_session_and_its_session_among_all(tmp_path: Path) -> None:
    child = spawn("nice", SLEEPER, log=tmp_path / "log", niceness=7)
    try:
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == 7
        group = Path(f"/proc/{child.pid}/autogroup")
        if group.exists():  # The kernel groups by session.
            assert group.read_text().strip().endswith("nice 7")
    finally:
        child.kill()


def test_nothing_that_answers_requests_stands_back() -> None:
    nice = {role: niceness_of(role) for roles in ROLES.values() for role in roles}
    assert nice == {"api": 0, "worker": WORKERS_NICENESS, "api,worker": 0}


def test_log_beyond_its_bound_is_kept_once_and_begun_anew(tmp_path: Path) -> None:
    log = tmp_path / "payments-api.log"
    log.write_bytes(b"x" * (LOG_BYTES_MAX + 1))
    with log.open("ab") as still_writing:
        trim(log)
        still_writing.write(b"next")
    assert log.read_bytes() == b"next"
    assert (tmp_path / "payments-api.log.1").stat().st_size == LOG_BYTES_MAX + 1


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
