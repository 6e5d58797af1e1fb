"""After the database was restored, number invoices and notes above those that were announced (`INV-7`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import LostNumbers, skip_numbers
from chassis.number_patterns import read_number

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.persistence import clinics

Announced = Mapping[str, Mapping[UUID, Sequence[str]]]
"""Numbers as printed, by series and clinic."""


async def skip_announced_numbers(work: Work, announced: Announced) -> list[LostNumbers]:
    """Of each series and clinic, what was announced and is not known: those numbers are given to nothing else."""
    settings = await clinics.find_many(work.connection, {id_ for by_clinic in announced.values() for id_ in by_clinic})
    lost: list[LostNumbers] = []
    for series, by_clinic in sorted(announced.items()):
        highest = {
            clinic_id: max(read_number(_pattern(settings.get(clinic_id), series), number) for number in numbers)
            for clinic_id, numbers in by_clinic.items()
        }
        lost += await skip_numbers(work, series, highest)
    return lost


def _pattern(settings: ClinicSettings | None, series: str) -> str:
    """A clinic that was not there yet has none: the numbers in the text are looked at."""
    return settings.number_patterns[series] if settings else ""
