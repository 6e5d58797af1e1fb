"""Keep what payments needs of the clinics' settings: currency and time zone."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from payments.domain.clinic import ClinicVersion
from payments.persistence import clinics


async def configure_clinics(work: Work, versions: Sequence[ClinicVersion]) -> None:
    """Keep each clinic's newest settings, in whatever order they arrive."""
    await clinics.keep_newest(work.connection, versions)
