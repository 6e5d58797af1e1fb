"""The clinics, as far as a message needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from chassis.database import Work
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.facts import Clinic
from notifications.persistence.tables import clinics


@dataclass(frozen=True)
class ClinicVersion:
    """A clinic's details as of one version."""

    clinic_id: UUID
    version: int
    name: str
    time_zone: str
    language: str
    email: str | None
    phone: str | None


_REGISTER = text("INSERT INTO clinic_register (clinic_id) VALUES (:clinic_id) ON CONFLICT DO NOTHING")


async def keep_newest(work: Work, versions: Sequence[ClinicVersion]) -> None:
    """Store each clinic's details unless newer ones are stored."""
    statement = insert(clinics)
    newer = {name: statement.excluded[name] for name in clinics.columns.keys()[1:]}
    statement = statement.on_conflict_do_update(
        index_elements=["clinic_id"], set_=newer, where=clinics.c.version < statement.excluded.version
    )
    await work.connection.execute(statement, [asdict(version) for version in versions])
    await work.connection.execute(_REGISTER, [{"clinic_id": version.clinic_id} for version in versions])


async def zone_of(connection: AsyncConnection, clinic_id: UUID) -> str:
    """The clinic's time zone; UTC while the clinic is not known."""
    found = await connection.scalar(select(clinics.c.time_zone).where(clinics.c.clinic_id == clinic_id))
    return found or "UTC"


async def clinic_with_id(connection: AsyncConnection, clinic_id: UUID) -> Clinic | None:
    """The clinic as messages see it."""
    row = (await connection.execute(select(clinics).where(clinics.c.clinic_id == clinic_id))).first()
    return Clinic(row.name, row.time_zone, row.language, row.email, row.phone) if row else None
