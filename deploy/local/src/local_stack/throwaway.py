"""A PostgreSQL and a Kafka that leave nothing behind, for tests: held by a process that ends with whoever asked."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Literal

from local_stack.places import memory, passable_folder
from local_stack.ports import free_port
from local_stack.processes import die_with_parent, tail
from local_stack.trouble import CannotRun

Kind = Literal["postgres", "kafka"]
VARIABLES: dict[Kind, str] = {"postgres": "TEST_POSTGRES", "kafka": "TEST_KAFKA"}
"""Environment variables that name a server to use instead of a throw-away one."""

_START_SECONDS_MAX = 120.0
_END_SECONDS_MAX = 60.0
_POLL_SECONDS = 0.05


@contextlib.asynccontextmanager
async def server(kind: Kind) -> AsyncIterator[str]:
    """One server in a folder of its own, gone afterwards; yields its address (admin DSN, or bootstrap)."""
    folder = passable_folder(kind, within=memory())
    try:
        async with _postgres(folder) if kind == "postgres" else _kafka(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def _postgres(folder: Path) -> AsyncIterator[str]:
    from local_stack.postgres import Postgres  # whoever needs one server does not load the other's client
    from local_stack.prepared_postgres import copy_prepared

    await copy_prepared(folder / "data")
    postgres = Postgres(folder / "data", free_port(), folder / "log", durable=False)
    try:
        await postgres.start()
        yield postgres.dsn()
    finally:
        await postgres.stop()


@contextlib.asynccontextmanager
async def _kafka(folder: Path) -> AsyncIterator[str]:
    from local_stack.kafka import Kafka

    port = free_port()
    kafka = Kafka(folder / "kafka", port, free_port(besides=[port]), folder / "log")
    try:
        await kafka.start()
        yield kafka.bootstrap
    finally:
        await kafka.stop()


def held_server(kind: Kind, folder: Path, owner_pid: int) -> str:
    """The address of the server that is held for `owner_pid`, started by the first who asks; all ask in `folder`.

    Raises CannotRun with the reason when it does not start.
    """
    answer, lock, log = (folder / f"{kind}.{part}" for part in ("json", "lock", "log"))
    with contextlib.suppress(FileExistsError):
        lock.touch(exist_ok=False)
        _begin_holding(kind, answer, log, owner_pid)
    deadline = time.monotonic() + _START_SECONDS_MAX
    while time.monotonic() < deadline:
        if answer.exists():
            said = json.loads(answer.read_text())
            if "address" in said:
                return str(said["address"])
            raise CannotRun(said["trouble"])
        _wait(_POLL_SECONDS)
    raise CannotRun(f"A throw-away {kind} did not start in {_START_SECONDS_MAX:.0f} s. {tail(log)}")


def _begin_holding(kind: Kind, answer: Path, log: Path, owner_pid: int) -> None:
    # Nobody here waits for it, which subprocess.Popen would complain about.
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "local_stack.throwaway", kind, str(answer), str(owner_pid)],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
            + [(os.POSIX_SPAWN_DUP2, output.fileno(), number) for number in (1, 2)],
            setsid=True,
        )


def end_held(folder: Path) -> None:
    """End the servers that are held in `folder`, and return when they and their data are gone."""
    for kind in VARIABLES:
        answer = folder / f"{kind}.json"
        holder = json.loads(answer.read_text()).get("holder") if answer.exists() else None
        if holder is not None:
            _end(int(holder))


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        process = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(process, signal.SIGTERM)
            select.select([process], [], [], _END_SECONDS_MAX)
        finally:
            os.close(process)


async def run_with_servers(command: Sequence[str]) -> int:
    """Run a command with both servers named in its environment; its exit code. Everything is gone afterwards."""
    async with contextlib.AsyncExitStack() as held:
        wanted = [kind for kind in VARIABLES if not os.environ.get(VARIABLES[kind])]
        started = await asyncio.gather(*(held.enter_async_context(server(kind)) for kind in wanted))
        env = os.environ | {VARIABLES[kind]: address for kind, address in zip(wanted, started, strict=True)}
        process = _in_our_terminal(command, env)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        loop.add_signal_handler(signal.SIGTERM, process.terminate)
        return await asyncio.to_thread(process.wait)


def _in_our_terminal(command: Sequence[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a command that stays in the terminal's group: Ctrl-C reaches it, and it ends by itself."""
    ended_with_us = die_with_parent(signal.SIGTERM)
    return subprocess.Popen(list(command), env=env, preexec_fn=ended_with_us)  # noqa: S603, PLW1509 - the caller's own


async def _hold(kind: Kind, answer: Path, owner_pid: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        owner = os.pidfd_open(owner_pid)
    except ProcessLookupError:
        return
    loop.add_reader(owner, stop.set)
    try:
        async with server(kind) as address:
            _say(answer, {"address": address, "holder": os.getpid()})
            await stop.wait()
    except CannotRun as trouble:
        _say(answer, {"trouble": str(trouble)})


def _say(answer: Path, said: dict[str, str | int]) -> None:
    unfinished = answer.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(said))
    unfinished.rename(answer)


def _wait(seconds: float) -> None:
    """Wait where no event loop runs."""
    signal.sigtimedwait([], seconds)


def main() -> None:
    """Hold one server until its owner ends."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("kind", choices=list(VARIABLES))
    parser.add_argument("answer", type=Path)
    parser.add_argument("owner_pid", type=int)
    arguments = parser.parse_args()
    asyncio.run(_hold(arguments.kind, arguments.answer, arguments.owner_pid))


if __name__ == "__main__":
    main()
