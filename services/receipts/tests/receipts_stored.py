"""Receipts that are kept in a folder, and a folder that is away for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.testing.harness import ServiceHarness
from receipts_events import Practice


@contextmanager
def away(folder: Path) -> Iterator[None]:
    """While it lasts, the folder is not there."""
    elsewhere = folder.with_name(f"{folder.name}-elsewhere")
    folder.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(folder)


async def paid(harness: ServiceHarness, practice: Practice) -> str:
    """A payment; the path of its receipt."""
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    return f"/v1/transactions/{payment.transaction_id}/receipt.pdf"
