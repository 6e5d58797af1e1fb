"""A stack in the foreground: started, watched until a signal, stopped in order, saying in its state file how it is."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from local_stack import state
from local_stack.arguments import OPTIONS, options_given
from local_stack.state import State
from local_stack.supervisor import Stack
from local_stack.trouble import CannotRun


def run(home: Path, arguments: argparse.Namespace) -> int:
    """Run the stack of `home` until SIGTERM or SIGINT. Raises CannotRun."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stack = stack_of(home, arguments)
    with state.lock(home):
        if arguments.fresh:
            stack.erase()
        try:
            asyncio.run(_until_told(stack))
        except CannotRun as trouble:
            State("failed", os.getpid(), trouble=str(trouble)).write(home)
            raise
        state.forget(home)
    return 0


def stack_of(home: Path, arguments: argparse.Namespace) -> Stack:
    """The stack that a command line asks for."""
    given: dict[str, Any] = options_given(arguments)
    return Stack(home, **given, say=lambda line: print(line, flush=True))  # noqa: T201 - a person watches


async def _until_told(stack: Stack) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    stack.home.mkdir(parents=True, exist_ok=True)
    State("starting", os.getpid()).write(stack.home)
    try:
        if not await _started(stack, told):
            return
        options = {name: getattr(stack, name) for name in OPTIONS}
        ports = dict(stack.layout.ports)

        def note() -> None:
            State("healthy", os.getpid(), ports, options, ended=stack.keeping.told()).write(stack.home)

        note()
        await stack.watch(told, note)
    finally:
        State("stopping", os.getpid()).write(stack.home)
        await stack.stop()


async def _started(stack: Stack, told: asyncio.Event) -> bool:
    """Start it; False when the signal to stop came first."""
    starting, asked = asyncio.create_task(stack.start()), asyncio.create_task(told.wait())
    await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if starting.done():
        await starting
        return True
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    return False
