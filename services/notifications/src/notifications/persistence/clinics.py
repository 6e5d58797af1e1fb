"""The clinics, as far as a message needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from chassis.database import Work
from chassis.database.clinic_directory import listing
from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.facts import Clinic, ClinicVersion
from notifications.persistence.tables import CLINICS

_ROWS = Rows(CLINICS)
_IDS = Rows(CLINICS, ["clinic_id"])
_KEEP_NEWEST = text(
    f"""
    WITH listed AS ({listing(_IDS.unnested())})
    {_ROWS.keeping_newest()}
    """
)
_FIND = text("SELECT name, time_zone, language, email, phone FROM clinics WHERE clinic_id = :clinic_id")
_ZONE = text("SELECT time_zone FROM clinics WHERE clinic_id = :clinic_id")


async def keep_newest(work: Work, versions: Sequence[ClinicVersion]) -> None:
    """Store each clinic's details unless newer ones are stored."""
    rows = [{"clinic_id": each.clinic_id, "version": each.version, **asdict(each.clinic)} for each in versions]
    await work.connection.execute(_KEEP_NEWEST, _ROWS.arrays(rows))


async def zone_of(connection: AsyncConnection, clinic_id: UUID) -> str:
    """The clinic's time zone; UTC while the clinic is not known."""
    found: str | None = await connection.scalar(_ZONE, {"clinic_id": clinic_id})
    return found or "UTC"


async def clinic_with_id(connection: AsyncConnection, clinic_id: UUID) -> Clinic | None:
    """The clinic as messages see it."""
    return next(iter(rows_as(Clinic, await connection.execute(_FIND, {"clinic_id": clinic_id}))), None)
