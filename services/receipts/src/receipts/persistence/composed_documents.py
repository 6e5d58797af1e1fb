"""Documents composed of figures of the moment: kept while they are rendered and fetched, then removed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.render_task import PREVIEW
from receipts.domain.stored_document import StoredDocument

KINDS: Final = frozenset({"statement", "day_sheet", "demand", PREVIEW})
RENDITION: Final = "original"
_NAMES: Final = UUID("5a8f2c0e-3f6e-4a53-9d53-6b1f0c9f6f43")

_KEEP = text(
    """
    INSERT INTO composed_documents (document_id, clinic_id, kind, content, asked_at)
    VALUES (:id, :clinic_id, :kind, CAST(:content AS jsonb), :now)
    ON CONFLICT (document_id) DO UPDATE SET asked_at = excluded.asked_at
    """
)
_LOCK = text("SELECT document_id FROM composed_documents WHERE document_id = :id FOR UPDATE")
_CONTENT = text("SELECT content FROM composed_documents WHERE document_id = :id")
_FIND = text("SELECT sha256, pdf FROM composed_documents WHERE document_id = :id AND pdf IS NOT NULL")
_KEEP_PDF = text("UPDATE composed_documents SET sha256 = :sha256, pdf = :pdf WHERE document_id = :id AND pdf IS NULL")
_REMOVE = text(
    """
    WITH old AS (
        DELETE FROM composed_documents WHERE document_id IN (
            SELECT document_id FROM composed_documents WHERE asked_at < :before
             ORDER BY document_id LIMIT :most FOR UPDATE)
        RETURNING document_id),
    tasks AS (
        DELETE FROM render_tasks WHERE document_id IN (SELECT document_id FROM old))
    SELECT count(*) FROM old
    """
)

_REMOVE_ALL = text(
    """
    WITH gone AS (
        DELETE FROM composed_documents WHERE document_id IN (
            SELECT document_id FROM composed_documents WHERE clinic_id = ANY(CAST(:clinics AS uuid[]))
             ORDER BY document_id FOR UPDATE)
        RETURNING document_id)
    DELETE FROM render_tasks WHERE document_id IN (SELECT document_id FROM gone)
    """
)


def id_of(kind: str, content: dict[str, Any]) -> UUID:
    """The same figures are the same document, so who asks again while it is rendered finds it."""
    said = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return uuid5(_NAMES, f"{kind}:{said.decode()}")


async def keep(
    connection: AsyncConnection, document_id: UUID, clinic_id: UUID, kind: str, content: dict[str, Any], now: datetime
) -> None:
    """Keep what is to be rendered; one that is kept already is kept for longer."""
    said = orjson.dumps(content).decode()
    await connection.execute(
        _KEEP, {"id": document_id, "clinic_id": clinic_id, "kind": kind, "content": said, "now": now}
    )


async def lock(connection: AsyncConnection, document_id: UUID) -> None:
    """Lock a document before its task in the queue: whoever asks for it writes them in this order."""
    await connection.execute(_LOCK, {"id": document_id})


async def content_of(connection: AsyncConnection, document_id: UUID) -> dict[str, Any] | None:
    """What a document says."""
    content: dict[str, Any] | None = await connection.scalar(_CONTENT, {"id": document_id})
    return content


async def find(connection: AsyncConnection, document_id: UUID) -> StoredDocument | None:
    """The bytes, once they are made."""
    return next(iter(rows_as(StoredDocument, await connection.execute(_FIND, {"id": document_id}))), None)


async def keep_pdf(connection: AsyncConnection, document_id: UUID, document: StoredDocument) -> None:
    """Keep the bytes, for whoever asked."""
    await connection.execute(_KEEP_PDF, {"id": document_id, "sha256": document.sha256, "pdf": document.pdf})


async def remove_all(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> None:
    """Remove all of these clinics': whoever wants one asks again, and is told what is known then."""
    await connection.execute(_REMOVE_ALL, {"clinics": sorted(clinic_ids)})


async def remove_older(connection: AsyncConnection, before: datetime, *, most: int) -> int:
    """Remove up to `most` that nobody asked for since; returns how many there were."""
    removed: int = await connection.scalar(_REMOVE, {"before": before, "most": most}) or 0
    return removed
