"""The database itself refuses to change what is frozen, whoever asks (`RCP-1`)."""

from __future__ import annotations

import asyncpg
import pytest
from chassis.testing.harness import ServiceHarness
from receipts.jobs.render_documents import Rendering
from receipts_events import Practice
from receipts_rendering import render_due


@pytest.mark.rule("RCP-1.2")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_documents SET pdf = 'x'",
        "DELETE FROM stored_documents",
        "TRUNCATE stored_documents",
        "UPDATE receipts SET amount_minor = amount_minor + 1",
        "UPDATE receipts SET number = number || 'x'",
        "UPDATE receipts SET content = '{}'",
        "UPDATE receipts SET sha256 = repeat('0', 64)",
    ],
)
async def test_what_is_frozen_cannot_be_changed(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, statement: str
) -> None:
    """RCP-1: not even by the owner of the tables."""
    await harness.deliver(practice.paid(None, 0, credit=1_000))
    while await render_due(rendering):
        pass
    url = harness.owned.owner_url.replace("postgresql+asyncpg", "postgresql")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT set_config('app.clinic_ids', $1, false)", str(practice.clinic_id))
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(statement)
    finally:
        await connection.close()
