"""Planting a wrong row, and asking for a proof that should find it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from local_stack.practice.proving import Proof, prove
from local_stack.practice.story import Story
from local_stack.supervisor import Stack


@asynccontextmanager
async def planted(stack: Stack, service: str, wrong: str, right: str, *ids: UUID) -> AsyncIterator[None]:
    """A wrong row, as only a superuser could make it; put right again afterwards."""
    connection = await asyncpg.connect(stack.database_dsn(service))
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(wrong, *ids)
        try:
            yield
        finally:
            await connection.execute(right, *ids)
    finally:
        await connection.close()


async def proof_of(story: Story) -> Proof:
    return await prove(story.api, [story.clinic_id], patience_seconds=0, letters_patience_seconds=0)
