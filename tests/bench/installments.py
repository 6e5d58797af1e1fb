"""The due-date job over very many live installment plans: how fast, and in how much memory (`PLN-4`)."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from clinic import Clinic
from figures import Figure
from local_stack.supervisor import Stack

HERE = Path(__file__).parent
CLINICS, PLANS_EACH = 100, 1_000
RUN_SECONDS, IDLE_MS, GROWTH_MB = 60, 100, 30
DAYS_AHEAD = 60
"""Far enough that the stack's own worker, whose clock is not moved, has nothing to say meanwhile."""


async def installments(stack: Stack, clinic: Clinic) -> list[Figure]:
    """A hundred thousand plans of which each has an installment due on one day."""
    await clinic.open(1)
    day = (datetime.now(UTC) + timedelta(days=DAYS_AHEAD)).date()
    wanted = CLINICS * PLANS_EACH
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    try:
        values = {"like": clinic.id, "clinics": CLINICS, "each": PLANS_EACH, "day": day}
        for name, value in values.items():
            await connection.execute("SELECT set_config($1, $2, false)", f"plans.{name}", str(value))
        await connection.execute((HERE / "installment_plans.sql").read_text(encoding="utf-8"), timeout=600)
        found = await _run(stack.layout.database_url("invoicing", "app"), str(day))
        said = await connection.fetchval("SELECT count(*) FROM outbox WHERE type = 'billing.installment.due.v1'")
        due = await connection.fetchval("SELECT count(*) FROM installment_dues WHERE due_on = $1", day)
    finally:
        await connection.close()
    if (said, due) != (wanted, wanted):
        raise RuntimeError(f"of {wanted} installments that were due, {said} were announced and {due} marked")
    return _figures(found, wanted)


async def _run(url: str, day: str) -> dict[str, object]:
    job = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "due_job.py"), url, day, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await job.communicate()
    if job.returncode:
        raise RuntimeError("the job failed: see above")
    found: dict[str, object] = json.loads(output)
    return found


def _figures(found: dict[str, object], plans: int) -> list[Figure]:
    seconds, idle = float(str(found["busy_seconds"])), float(str(found["idle_seconds"]))
    sizes = [float(str(size)) for size in found["resident_mb"]]  # type: ignore[attr-defined]
    # Warm after a quarter of the samples: pools filled, statements prepared, modules loaded.
    warm = sizes[len(sizes) // 4]
    peak = max(sizes)
    per_second = f"{plans / seconds:,.0f} installments a second"
    return [
        Figure(f"due-date job over {plans:,} live plans", seconds, "s", RUN_SECONDS, at_least=False, detail=per_second),
        Figure("the same with nothing to say", idle * 1000, "ms", IDLE_MS, at_least=False),
        Figure(
            "growth of its memory after a quarter of the run",
            peak - warm,
            "MB",
            GROWTH_MB,
            at_least=False,
            detail=f"{sizes[0]:.0f} MB at its start, {warm:.0f} MB warm, {peak:.0f} MB at the most",
        ),
    ]
