"""What cannot be read or rendered yet: how the tests break it, wait until it is set aside, and go on with it."""

from __future__ import annotations

from uuid import UUID

import asyncpg
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts.jobs.render_documents import Rendering
from receipts.persistence import render_tasks
from receipts_events import Practice
from receipts_rendering import render_due, skip_delays
from sqlalchemy import text

WAITED = text(
    """
    UPDATE dead_letters SET set_aside_at = set_aside_at - interval '1 hour', next_attempt_at = clock_timestamp()
     WHERE state = 'waiting' AND clinic_id = :clinic_id
    """
)


async def an_hour_passes(harness: ServiceHarness, practice: Practice) -> None:
    """What waits has waited for an hour, and is tried again."""
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        await work.connection.execute(WAITED, {"clinic_id": practice.clinic_id})
    while await harness.retry():
        pass


async def break_documents(harness: ServiceHarness, practice: Practice) -> None:
    """Make the letterhead of the clinic unreadable, which no part of the service may do; its day is known still."""
    left = "UPDATE clinic_versions SET details = jsonb_build_object('time_zone', details -> 'time_zone')"
    await as_owner(harness, f"{left} WHERE clinic_id = $1", practice.clinic_id)


async def mend_documents(harness: ServiceHarness, practice: Practice) -> None:
    """Give the clinic's first letterhead back."""
    await harness.deliver(practice.configured(version=2))
    await as_owner(
        harness,
        "UPDATE clinic_versions a SET details = b.details FROM clinic_versions b"
        " WHERE a.clinic_id = $1 AND b.clinic_id = $1 AND a.version = 1 AND b.version = 2",
        practice.clinic_id,
    )


async def all_set_aside(harness: ServiceHarness, practice: Practice, rendering: Rendering, *ids: UUID) -> None:
    """Render until exactly these documents of the clinic are set aside."""

    async def given_up() -> bool:
        await skip_delays(harness)
        await render_due(rendering)
        return await set_aside_ids(harness, practice) == set(ids)

    await eventually(given_up, within_seconds=30)


async def set_aside_ids(harness: ServiceHarness, practice: Practice) -> set[UUID]:
    """The documents of the clinic that are set aside."""
    async with harness.database.reading([practice.clinic_id]) as connection:
        found = await render_tasks.set_aside_of(connection, practice.clinic_id, after=None, limit=10)
    return {one.document_id for one in found}


async def as_owner(harness: ServiceHarness, statement: str, *values: object) -> None:
    """Change what no part of the service may change."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()
