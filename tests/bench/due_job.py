"""`python due_job.py URL DAY`: run the due-date job as it is on that day, twice; print what it took as JSON.

A process of its own, so that its memory is the job's and its clock can be moved without anybody else noticing.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

import psutil
import uvloop
from chassis.clock import ManualClock
from invoicing.app import service
from invoicing.jobs.announce_due_dates import announce_due_installments

SAMPLES_EVERY_SECONDS = 0.2


async def measured(url: str, day: str) -> dict[str, Any]:
    """How long a run with everything to say takes, and one with nothing; resident memory all along, in MB."""
    noon = datetime.fromisoformat(day).replace(hour=17, tzinfo=UTC)
    settings = service.settings(database_url=url, migration_database_url=url)
    sizes: list[float] = []
    async with service.opened(settings, clock=ManualClock(noon)) as resources:
        watching = asyncio.create_task(_watch(sizes))
        began = time.perf_counter()
        await announce_due_installments(resources)
        busy = time.perf_counter() - began
        began = time.perf_counter()
        await announce_due_installments(resources)
        idle = time.perf_counter() - began
        watching.cancel()
    return {"busy_seconds": busy, "idle_seconds": idle, "resident_mb": sizes}


async def _watch(sizes: list[float]) -> None:
    process = psutil.Process(os.getpid())
    while True:
        sizes.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(SAMPLES_EVERY_SECONDS)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(measured(*sys.argv[1:]))))  # noqa: T201 - this is what was asked for
