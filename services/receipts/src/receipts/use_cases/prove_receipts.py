"""Prove that every receipt is there once, numbered without a gap, adds up, and has the bytes it had (`ALL-8`)."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from chassis.database.checks import differences
from chassis.proof import Difference, Proven
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.persistence.proof_of_copies import CHECKS
from receipts.persistence.queries import counted

SHOWN_MAX = 1_000


async def prove_receipts(connection: AsyncConnection, clinic_id: UUID) -> Proven:
    """What was counted, and each difference; none means proven."""
    counts = await counted(connection, clinic_id)
    numbered = counts.receipts + counts.lost_numbers
    compared = [
        Difference("receipts, against the last number given", counts.last_number, numbered),
        Difference("the highest number, against the last number given", counts.last_number, counts.highest_serial),
        Difference("documents whose bytes are not those of their SHA-256", 0, counts.hash_differs),
        Difference("receipts neither stored nor to be rendered", 0, counts.unstored_without_task),
        Difference("documents that could not be rendered", 0, counts.set_aside),
        Difference("deleted documents of which something is left", 0, counts.deleted_by_half),
    ]
    wrong = [figure for figure in compared if figure.expected != figure.found]
    copies = await differences(connection, CHECKS, SHOWN_MAX)
    return Proven(counts.receipts + counts.stored, [*wrong, *copies], asdict(counts))
