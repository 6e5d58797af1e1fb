"""Prove a clinic's log of messages: every one accepted at most once, none lost, none twice (`ALL-8`)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from chassis.database.checks import differences
from chassis.proof import Proven
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.persistence import queries
from notifications.persistence.proof_of_messages import CHECKS

SHOWN_MAX: Final = 1_000


async def prove_log(connection: AsyncConnection, _clinic_id: UUID) -> Proven:
    """How many messages of the connection's clinic are in which state, and each contradiction; none means proven."""
    counts = await queries.counts(connection)
    return Proven(sum(counts.values()), await differences(connection, CHECKS, SHOWN_MAX), counts)
