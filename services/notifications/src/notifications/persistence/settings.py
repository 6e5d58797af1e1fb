"""Clinics' notification settings: every version stays, the highest is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows, rows_as
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.settings import Settings, SettingsVersion
from notifications.persistence.tables import SETTINGS

_SETTINGS = TypeAdapter(Settings)
_ROWS = Rows(SETTINGS)
_IN_FORCE = text(
    """
    SELECT DISTINCT ON (clinic_id) clinic_id, version, body FROM settings
     WHERE clinic_id = ANY(CAST(:ids AS uuid[])) ORDER BY clinic_id, version DESC
    """
)
_VERSIONS = text(
    """
    SELECT version, changed_at, changed_by, reason FROM settings
     WHERE clinic_id = :clinic_id AND (CAST(:before AS bigint) IS NULL OR version < :before)
     ORDER BY version DESC LIMIT :limit
    """
)
_AT_VERSION = text("SELECT body FROM settings WHERE clinic_id = :clinic_id AND version = :version")
_APPEND = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING RETURNING version")


async def in_force(connection: AsyncConnection, clinic_ids: Iterable[UUID]) -> dict[UUID, Settings]:
    """The settings of clinics; those that nobody has set have the defaults."""
    wanted = set(clinic_ids)
    rows = await connection.execute(_IN_FORCE, {"ids": list(wanted)})
    found = {row.clinic_id: settings_of(row.version, row.body) for row in rows}
    return {clinic_id: found.get(clinic_id, Settings()) for clinic_id in wanted}


async def versions(
    connection: AsyncConnection, clinic_id: UUID, before: int | None, limit: int
) -> list[SettingsVersion]:
    """The versions before one, or all, the latest first."""
    given = {"clinic_id": clinic_id, "before": before, "limit": limit}
    return rows_as(SettingsVersion, await connection.execute(_VERSIONS, given))


async def at_version(connection: AsyncConnection, clinic_id: UUID, version: int) -> Settings | None:
    """The settings as a version had them."""
    body = await connection.scalar(_AT_VERSION, {"clinic_id": clinic_id, "version": version})
    return None if body is None else settings_of(version, body)


async def append(work: Work, new: Settings, reason: str) -> bool:
    """Store a new version, with who and why; False where that version exists already, as somebody else was first."""
    row = {
        "clinic_id": work.clinic_id,
        "version": new.version,
        "body": _SETTINGS.dump_python(new, mode="json", exclude={"version"}),
        "changed_at": work.now,
        "changed_by": work.actor,
        "reason": reason,
    }
    return (await work.connection.execute(_APPEND, _ROWS.arrays([row]))).first() is not None


def settings_of(version: int, body: Mapping[str, Any]) -> Settings:
    """Settings from their row."""
    return _SETTINGS.validate_python({**body, "version": version})
