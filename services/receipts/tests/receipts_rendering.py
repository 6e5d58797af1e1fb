"""The worker's loop, run by hand."""

from __future__ import annotations

from receipts.jobs.rendering import Rendering


async def render_due(rendering: Rendering) -> int:
    """Render what is due now, once; returns how many documents were taken."""
    taken = await rendering.start_due()
    await rendering.finish()
    return taken
