"""The worker's loop, run by hand."""

from __future__ import annotations

from chassis.testing.harness import ServiceHarness
from receipts.jobs.render_documents import Rendering
from sqlalchemy import text


async def render_due(rendering: Rendering) -> int:
    """Render what is due now, once; returns how many documents were taken."""
    taken = await rendering.start_due()
    await rendering.finish()
    return taken


async def render_all(harness: ServiceHarness, rendering: Rendering) -> None:
    """Render all that is queued, what is leased or postponed too, so that nothing becomes due later."""
    taken = 1
    while taken:
        await skip_delays(harness)
        taken = await render_due(rendering)


async def skip_delays(harness: ServiceHarness) -> None:
    """Let everything be due now."""
    async with harness.database.transaction([], "test") as work:
        await work.connection.execute(text("UPDATE render_tasks SET leased_until = '-infinity'"))
