"""Each clinic's own templates and texts: every version stays, a document names the one that it was made with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows, record_of, rows_as
from chassis.database.versioned_settings import VersionedSettings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.own_templates import OwnTemplates, TemplateFailure
from receipts.persistence.tables import DOCUMENT_TEMPLATE_VERSIONS, TEMPLATE_FAILURES

_NEWEST = text(
    """
    SELECT clinic_id, max(version) AS version FROM document_template_versions
     WHERE clinic_id = ANY(CAST(:ids AS uuid[])) GROUP BY clinic_id
    """
)
_FAILURES = text(
    """
    SELECT document_id, rendition, kind, failure, failed_at FROM template_failures
     WHERE clinic_id = :clinic_id
       AND (CAST(:failed_at AS timestamptz) IS NULL OR (failed_at, document_id, rendition)
            < (CAST(:failed_at AS timestamptz), CAST(:document_id AS uuid), CAST(:rendition AS text)))
     ORDER BY failed_at DESC, document_id DESC, rendition DESC LIMIT :limit
    """
)
_ROWS = Rows(TEMPLATE_FAILURES)
_ADD_FAILURE = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING")
_REMOVE_FAILURES = text(
    """
    DELETE FROM template_failures WHERE (document_id, rendition) IN (
        SELECT document_id, rendition FROM template_failures WHERE failed_at < :before
         ORDER BY document_id, rendition LIMIT :most FOR UPDATE)
    """
)


def _read(row: Mapping[Any, Any]) -> OwnTemplates:
    return rows_as(OwnTemplates, [row])[0]


def _written(one: OwnTemplates) -> dict[str, Any]:
    return {"templates": dict(one.templates), "texts": {language: dict(texts) for language, texts in one.texts.items()}}


VERSIONS = VersionedSettings(DOCUMENT_TEMPLATE_VERSIONS, _read, _written)


async def versions_in_force(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, int]:
    """The version in force of each of these clinics that has any."""
    rows = await connection.execute(_NEWEST, {"ids": list(clinic_ids)})
    return {row.clinic_id: row.version for row in rows}


async def in_force(connection: AsyncConnection, clinic_id: UUID) -> OwnTemplates:
    """What the clinic has of its own now."""
    return (await VERSIONS.in_force(connection, [clinic_id])).get(clinic_id, OwnTemplates())


async def at_version(connection: AsyncConnection, clinic_id: UUID, version: int) -> OwnTemplates:
    """What the clinic had of its own in a version; nothing in version 0."""
    found = await VERSIONS.at_version(connection, clinic_id, version) if version else None
    return found or OwnTemplates()


async def failures(
    connection: AsyncConnection, clinic_id: UUID, after: tuple[datetime, UUID, str] | None, limit: int
) -> list[TemplateFailure]:
    """The documents on which the clinic's own template failed, the latest first."""
    failed_at, document_id, rendition = after or (None, None, None)
    given = {"failed_at": failed_at, "document_id": document_id, "rendition": rendition}
    rows = await connection.execute(_FAILURES, given | {"clinic_id": clinic_id, "limit": limit})
    return rows_as(TemplateFailure, rows)


async def add_failure(connection: AsyncConnection, clinic_id: UUID, failure: TemplateFailure) -> None:
    """Keep that a document was made without the clinic's own template."""
    await connection.execute(_ADD_FAILURE, _ROWS.arrays([record_of(failure, clinic_id=clinic_id)]))


async def remove_failures(connection: AsyncConnection, before: datetime, *, most: int) -> None:
    """Remove up to `most` that are older: a clinic has seen them, or has other templates long since."""
    await connection.execute(_REMOVE_FAILURES, {"before": before, "most": most})
