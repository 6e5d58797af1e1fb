"""After the database was restored: what was announced as receipts comes to be the same again (`INV-7`, `RCP-1`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import skip_numbers
from chassis.members import Members
from chassis.number_patterns import read_number

from receipts.domain.numbers import DEFAULT_PATTERN
from receipts.domain.receipt import AnnouncedReceipt
from receipts.persistence import announced_receipts, people, receipts
from receipts.use_cases.issue_receipts import SERIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What was announced of a receipt."""

    clinic_id: UUID
    transaction_id: UUID
    receipt_id: UUID
    number: str
    sha256: str
    announced_at: datetime


_SAME = Members(Announced, AnnouncedReceipt)


async def take_announced_receipts(work: Work, announced: Sequence[Announced]) -> None:
    """Keep the numbers for the transactions that they were announced of; no other receipt gets one of them.

    They are noted as lost, which they are until their transaction is heard again.
    """
    clinics = await people.newest_clinics(work.connection, {one.clinic_id for one in announced})
    patterns = {clinic.clinic_id: clinic.receipt_number_pattern for clinic in clinics.values()}
    taken = [_taken(one, patterns.get(one.clinic_id, DEFAULT_PATTERN)) for one in announced]
    highest: defaultdict[UUID, int] = defaultdict(int)
    for one in taken:
        highest[one.clinic_id] = max(highest[one.clinic_id], one.serial)
    await skip_numbers(work, SERIES, highest)
    await announced_receipts.keep(work.connection, taken)


async def known_again(
    work: Work, issued: Collection[UUID], voided: Collection[UUID]
) -> tuple[Collection[UUID], Collection[UUID]]:
    """Those of announced receipts that are there, and those that are void, as was announced of them."""
    found = await receipts.several(work.connection, {*issued, *voided})
    return found.keys() & set(issued), {one for one in voided if one in found and found[one].voided}


def _taken(one: Announced, pattern: str) -> AnnouncedReceipt:
    return AnnouncedReceipt(**_SAME.of(one), serial=read_number(pattern, one.number))
