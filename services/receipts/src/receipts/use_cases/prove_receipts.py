"""Prove that every receipt is there once, numbered without a gap, adds up, and has the bytes it had (`ALL-8`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database.checks import differences
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.receipt import ReceiptCounts
from receipts.persistence.proof_of_copies import CHECKS
from receipts.persistence.queries import counted

SHOWN_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two figures that should be one."""

    what: str
    expected: int | str
    found: int | str


async def prove_receipts(connection: AsyncConnection, clinic_id: UUID) -> tuple[ReceiptCounts, list[Discrepancy]]:
    """What was counted, and each difference; none means proven."""
    count = await counted(connection, clinic_id)
    compared = [
        ("receipts, against the last number given", count.last_number, count.receipts),
        ("the highest number, against the last number given", count.last_number, count.highest_serial),
        ("documents whose bytes are not those of their SHA-256", 0, count.hash_differs),
        ("receipts neither stored nor to be rendered", 0, count.unstored_without_task),
        ("documents that could not be rendered", 0, count.set_aside),
        ("deleted documents of which something is left", 0, count.deleted_by_half),
    ]
    found = [Discrepancy(what, expected, found) for what, expected, found in compared if expected != found]
    copies = await differences(connection, CHECKS, SHOWN_MAX)
    return count, [*found, *(Discrepancy(one.what, one.expected, one.found) for one in copies)]
