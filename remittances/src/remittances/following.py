"""Wait, for a while, until invoicing has worked off what was announced."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import monotonic

from remittances.imported import Imported
from remittances.invoices import Invoices

FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.05, 2.0


async def follow(found: Sequence[Imported], invoices: Invoices, patience_seconds: float) -> None:
    """Look what became of what was announced, until all of it is seen or patience ends. Raises Unreachable."""
    delay, until = FIRST_DELAY_SECONDS, monotonic() + patience_seconds
    waiting = [one for one in found if one.pending]
    while waiting:
        for one in waiting:
            one.known = await invoices.known(one.remittance_id)
        waiting = [one for one in waiting if one.pending]
        if not waiting or monotonic() >= until:
            return
        await asyncio.sleep(min(delay, max(until - monotonic(), 0)))
        delay = min(delay * 2, LONGEST_DELAY_SECONDS)
