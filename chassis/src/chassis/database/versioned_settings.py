"""A clinic's settings: every version stays, with who made it, when and why; the highest is in force (`ALL-5`).

The table has `clinic_id`, `version`, `changed_at`, `changed_by` and `reason`, and whatever columns the settings have.
Version 0 are the settings of a clinic that never saved any: those that the service has by default.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.rows import Record, Rows, record_of, rows_as
from chassis.database.transaction import Work

Kind = TypeVar("Kind")


class SettingsChanged(Exception):
    """Somebody changed the settings since they were read; they are at another version now (`ALL-3`)."""

    def __init__(self, version: int) -> None:
        super().__init__(f"The settings were changed meanwhile; they are at version {version} now.")
        self.extensions = {"version": version}


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Who made a version of the settings, when and why; None where that was not asked for yet."""

    version: int
    changed_at: datetime
    changed_by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class SettingsVersion(SettingsChange, Generic[Kind]):
    """One version with the settings as they were."""

    settings: Kind


class VersionedSettings(Generic[Kind]):
    """The versions of a table, `read` from their rows and written as the columns that `written` gives."""

    def __init__(
        self, table: Table, read: Callable[[Mapping[Any, Any]], Kind], written: Callable[[Kind], Record]
    ) -> None:
        self._read = read
        self._written = written
        self._rows = Rows(table)
        name = table.name
        self._in_force = text(
            f"""
            SELECT DISTINCT ON (clinic_id) * FROM {name} WHERE clinic_id = ANY(CAST(:ids AS uuid[]))
             ORDER BY clinic_id, version DESC
            """  # noqa: S608 - constants
        )
        self._versions = text(
            f"""
            SELECT * FROM {name}
             WHERE clinic_id = :clinic_id AND (CAST(:before AS bigint) IS NULL OR version < :before)
             ORDER BY version DESC LIMIT :limit
            """  # noqa: S608 - constants
        )
        self._changes = text(
            f"""
            SELECT version, changed_at, changed_by, reason FROM {name}
             WHERE clinic_id = :clinic_id AND (CAST(:before AS bigint) IS NULL OR version < :before)
             ORDER BY version DESC LIMIT :limit
            """  # noqa: S608 - constants
        )
        self._at_version = text(
            f"SELECT * FROM {name} WHERE clinic_id = :clinic_id AND version = :version"  # noqa: S608 - constants
        )
        self._append = text(f"{self._rows.inserting()} ON CONFLICT DO NOTHING RETURNING version")

    async def in_force(self, connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, Kind]:
        """The settings of those of these clinics that saved any."""
        rows = (await connection.execute(self._in_force, {"ids": list(clinic_ids)})).mappings()
        return {row["clinic_id"]: self._read(row) for row in rows}

    async def versions(
        self, connection: AsyncConnection, clinic_id: UUID, before: int | None, limit: int
    ) -> list[SettingsVersion[Kind]]:
        """The versions before one, or all, the latest first."""
        given = {"clinic_id": clinic_id, "before": before, "limit": limit}
        rows = (await connection.execute(self._versions, given)).mappings()
        return [SettingsVersion(**record_of(_change(row)), settings=self._read(row)) for row in rows]

    async def latest(self, connection: AsyncConnection, clinic_id: UUID) -> SettingsVersion[Kind] | None:
        """The version in force; None where none was ever saved."""
        return next(iter(await self.versions(connection, clinic_id, None, 1)), None)

    async def changes(
        self, connection: AsyncConnection, clinic_id: UUID, before: int | None, limit: int
    ) -> list[SettingsChange]:
        """Who made the versions before one, or all, without what they say: the latest first."""
        given = {"clinic_id": clinic_id, "before": before, "limit": limit}
        return rows_as(SettingsChange, await connection.execute(self._changes, given))

    async def at_version(self, connection: AsyncConnection, clinic_id: UUID, version: int) -> Kind | None:
        """The settings as a version had them."""
        given = {"clinic_id": clinic_id, "version": version}
        row = (await connection.execute(self._at_version, given)).mappings().one_or_none()
        return None if row is None else self._read(row)

    async def append(self, work: Work, settings: Kind, *, replaces: int, reason: str | None) -> int:
        """Save them as the version after the one that they replace. Raises SettingsChanged."""
        latest = await self.changes(work.connection, work.clinic_id, None, 1)
        current = latest[0].version if latest else 0
        if current != replaces:
            raise SettingsChanged(current)
        row = {
            **self._written(settings),
            "clinic_id": work.clinic_id,
            "version": replaces + 1,
            "changed_at": work.now,
            "changed_by": work.actor,
            "reason": reason,
        }
        if (await work.connection.execute(self._append, self._rows.arrays([row]))).first() is None:
            raise SettingsChanged(replaces + 1)
        return replaces + 1


def _change(row: Mapping[Any, Any]) -> SettingsChange:
    return rows_as(SettingsChange, [row])[0]
