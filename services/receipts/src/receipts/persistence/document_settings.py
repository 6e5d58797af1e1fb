"""How each clinic wants its documents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from chassis.database import Work
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.settings import DocumentSettings, SettingsVersion

_FIND = text(
    """
    SELECT clinic_id, paper, show_note, show_procedures, version FROM document_settings
     WHERE clinic_id = ANY(CAST(:ids AS uuid[]))
    """
)
_PUT = text(
    """
    WITH saved AS (
        INSERT INTO document_settings AS s
               (clinic_id, paper, show_note, show_procedures, version, changed_at, changed_by)
        VALUES (:clinic_id, :paper, :show_note, :show_procedures, 1, :now, :actor)
        ON CONFLICT (clinic_id) DO UPDATE
           SET paper = excluded.paper, show_note = excluded.show_note, show_procedures = excluded.show_procedures,
               version = s.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
         WHERE s.version = :expected
        RETURNING clinic_id, paper, show_note, show_procedures, version, changed_at, changed_by
    )
    INSERT INTO document_setting_versions
           (clinic_id, paper, show_note, show_procedures, version, changed_at, changed_by, reason)
    SELECT clinic_id, paper, show_note, show_procedures, version, changed_at, changed_by, :reason FROM saved
    RETURNING version
    """
)
_VERSIONS = text(
    """
    SELECT paper, show_note, show_procedures, version, changed_at, changed_by, reason
      FROM document_setting_versions
     WHERE clinic_id = :clinic_id AND (CAST(:before AS integer) IS NULL OR version < :before)
     ORDER BY version DESC LIMIT :limit
    """
)


async def settings_of(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, DocumentSettings]:
    """The settings of each clinic; those of one that never saved any are the defaults."""
    rows = await connection.execute(_FIND, {"ids": list(clinic_ids)})
    found = {row.clinic_id: _settings_of(row) for row in rows}
    return {clinic_id: found.get(clinic_id, DocumentSettings()) for clinic_id in clinic_ids}


async def versions_of(
    connection: AsyncConnection, clinic_id: UUID, before: int | None, limit: int
) -> list[SettingsVersion]:
    """The versions before one, or all, the latest first."""
    rows = await connection.execute(_VERSIONS, {"clinic_id": clinic_id, "before": before, "limit": limit})
    return [SettingsVersion(_settings_of(row), row.changed_at, row.changed_by, row.reason) for row in rows]


async def put(work: Work, settings: DocumentSettings, *, expected: int, reason: str) -> int | None:
    """Save settings over the version that they were decided on; None where another was saved meanwhile.

    Every version stays, with who made it, when and why.
    """
    version: int | None = await work.connection.scalar(
        _PUT,
        {
            "clinic_id": work.clinic_id,
            "paper": settings.paper,
            "show_note": settings.show_note,
            "show_procedures": settings.show_procedures,
            "expected": expected,
            "now": work.now,
            "actor": work.actor,
            "reason": reason,
        },
    )
    return version


def _settings_of(row: Any) -> DocumentSettings:
    return DocumentSettings(
        paper=row.paper, show_note=row.show_note, show_procedures=row.show_procedures, version=row.version
    )
