"""Prove a clinic's log of messages: every one accepted at most once, none lost, none twice (`ALL-8`)."""

from __future__ import annotations

from typing import Final

from chassis.database.checks import differences
from chassis.proof import Difference
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.message import MessageCounts
from notifications.persistence import queries
from notifications.persistence.proof_of_messages import CHECKS

SHOWN_MAX: Final = 1_000


async def prove_log(connection: AsyncConnection) -> tuple[MessageCounts, list[Difference]]:
    """What there is of the connection's clinics, and each contradiction; none means proven."""
    return await queries.counts(connection), await differences(connection, CHECKS, SHOWN_MAX)
