"""The demo with nothing beside it, and beside programs that keep every processor busy."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
from figures import Figure

TIMES = 2.0
_STACK = Path(sys.executable).with_name("stack")
_LOOP = "while True: pass"


async def demo_beside_loops(scratch: Path) -> list[Figure]:
    """How many times as long `make demo` takes while as many loops as there are processors never pause."""
    await _demo(scratch / "first")  # what only a first run prepares is not measured
    alone = await _demo(scratch / "alone")
    loops = psutil.cpu_count() or 1
    async with _loops(loops):
        beside = await _demo(scratch / "beside")
    return [
        Figure(
            f"make demo beside {loops} busy loops",
            beside / alone,
            "times its usual time",
            TIMES,
            at_least=False,
            detail=f"{beside:.0f} s; {alone:.0f} s by itself",
        )
    ]


async def _demo(folder: Path) -> float:
    """Its seconds. Raises RuntimeError where it fails or its books do not balance."""
    began = time.perf_counter()
    demo = await asyncio.create_subprocess_exec(
        _STACK, "demo", "--keep", folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await demo.communicate()
    if demo.returncode:
        raise RuntimeError(f"the demo ended with {demo.returncode}:\n{said.decode()[-2_000:]}")
    return time.perf_counter() - began


@asynccontextmanager
async def _loops(number: int) -> AsyncIterator[None]:
    """So many programs that never pause, of the same niceness as whoever runs the demo."""
    running = [await asyncio.create_subprocess_exec(sys.executable, "-c", _LOOP) for _ in range(number)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
        for one in running:
            await one.wait()
