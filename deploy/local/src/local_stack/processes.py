"""Child processes that end with their parent, log to bounded files, and stop in order."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOG_BYTES_MAX = 20_000_000
"""A log that has grown beyond this is kept once as `.1` and begun anew."""

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.02
_TAIL_BYTES = 4_000


@dataclass
class Child:
    """One running program of the stack: the leader of its own process group, so that it can be ended as a whole."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    began: float = field(default_factory=time.monotonic)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id, which is its group's id too."""
        return self.process.pid

    def send(self, number: signal.Signals) -> None:
        """Signal the program itself, if it still runs."""
        if self.running:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the whole group at once, as a crash would."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    async def stop(self, patience_seconds: float = 30.0) -> bool:
        """Ask it to stop and wait; False when it had to be killed after `patience_seconds`."""
        self.send(self.stop_signal)
        gone = await self.ended(patience_seconds)
        self.kill()
        return gone

    async def ended(self, patience_seconds: float) -> bool:
        """Wait for its end; False if it still runs then."""
        deadline = time.monotonic() + patience_seconds
        while self.running:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_POLL_SECONDS)
        return True

    def last_words(self) -> str:
        """The end of its log, for a message about why it ended."""
        return tail(self.log)


def spawn(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    account: pwd.struct_passwd | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    niceness: int = 0,
) -> Child:
    """Start a program whose output goes to `log`. It gets `stop_signal` when this process dies, however it dies.

    Must be called from the main thread: the kernel ties the child to the thread that made it. `niceness` above zero
    lets others go first where processors are short.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    trim(log)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the stack's own commands
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(os.environ if env is None else env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509 - only two system calls, in the main thread
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
        )
    if niceness:
        _stand_back(process.pid, niceness)
    return Child(name, process, log, stop_signal)


def _stand_back(pid: int, niceness: int) -> None:
    """Lower a program's priority: in its session, and its session's among all (`sched(7)`, autogroups)."""
    with contextlib.suppress(OSError):  # It may have ended already, and not every kernel groups by session.
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness), encoding="ascii")


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask the kernel for a signal at its parent's death."""
    if not sys.platform.startswith("linux"):
        return None
    # Both are looked up before the fork: after it, another thread may hold the lock of an import.
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def trim(log: Path) -> None:
    """Keep a log bounded: what has grown too long is copied aside once, and the file, still open, begins anew."""
    try:
        if log.stat().st_size <= LOG_BYTES_MAX:
            return
    except FileNotFoundError:
        return
    log.with_suffix(log.suffix + ".1").write_bytes(log.read_bytes())
    os.truncate(log, 0)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
