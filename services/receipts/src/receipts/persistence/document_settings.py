"""How each clinic wants its documents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from chassis.database import Work
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.settings import DocumentSettings

_FIND = text(
    """
    SELECT clinic_id, paper, show_note, show_procedures, version FROM document_settings
     WHERE clinic_id = ANY(CAST(:ids AS uuid[]))
    """
)
_PUT = text(
    """
    INSERT INTO document_settings AS s
           (clinic_id, paper, show_note, show_procedures, version, changed_at, changed_by)
    VALUES (:clinic_id, :paper, :show_note, :show_procedures, 1, :now, :actor)
    ON CONFLICT (clinic_id) DO UPDATE
       SET paper = excluded.paper, show_note = excluded.show_note, show_procedures = excluded.show_procedures,
           version = s.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
     WHERE s.version = :expected
    RETURNING version
    """
)


async def settings_of(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, DocumentSettings]:
    """The settings of each clinic; those of one that never saved any are the defaults."""
    rows = await connection.execute(_FIND, {"ids": list(clinic_ids)})
    found = {row.clinic_id: _settings_of(row) for row in rows}
    return {clinic_id: found.get(clinic_id, DocumentSettings()) for clinic_id in clinic_ids}


async def put(work: Work, settings: DocumentSettings, *, expected: int) -> int | None:
    """Save settings over the version that they were decided on; None where another was saved meanwhile."""
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
        },
    )
    return version


def _settings_of(row: Any) -> DocumentSettings:
    return DocumentSettings(
        paper=row.paper, show_note=row.show_note, show_procedures=row.show_procedures, version=row.version
    )
