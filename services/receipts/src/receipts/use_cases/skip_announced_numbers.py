"""After the database was restored, number receipts above those that were announced (`INV-7`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import LostNumbers, skip_numbers
from chassis.number_patterns import read_number

from receipts.domain.numbers import DEFAULT_PATTERN
from receipts.persistence import people
from receipts.use_cases.issue_receipts import SERIES


async def skip_announced_numbers(work: Work, announced: Mapping[UUID, Sequence[str]]) -> list[LostNumbers]:
    """Of each clinic, what was announced and is not known: those numbers are lost, and given to nothing else."""
    clinics = await people.newest_clinics(work.connection, announced)
    patterns = {clinic.clinic_id: clinic.receipt_number_pattern for clinic in clinics.values()}
    highest = {
        clinic_id: max(read_number(patterns.get(clinic_id, DEFAULT_PATTERN), number) for number in numbers)
        for clinic_id, numbers in announced.items()
    }
    return await skip_numbers(work, SERIES, highest)
