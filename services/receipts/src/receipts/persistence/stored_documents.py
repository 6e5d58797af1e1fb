"""The stored bytes: written once with their SHA-256, refused to be changed or deleted by the database (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.render_task import RenderTask
from receipts.domain.stored_document import StoredDocument
from receipts.persistence.render_tasks import RENDITIONS, renditions_of
from receipts.persistence.tables import STORED_DOCUMENTS

_ROWS = Rows(STORED_DOCUMENTS)
_ADD = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING")
_FIND = text("SELECT sha256, pdf FROM stored_documents WHERE document_id = :id AND rendition = :rendition")
_KNOWN = text(
    f"""
    SELECT document_id FROM stored_documents
     WHERE (document_id, rendition) IN (SELECT document_id, rendition FROM {RENDITIONS.given()})
    """  # noqa: S608 - constants
)


async def add(connection: AsyncConnection, task: RenderTask, document: StoredDocument, stored_at: datetime) -> None:
    """Keep the bytes that a task was for, for ever."""
    row = {**asdict(task), **asdict(document), "size_bytes": len(document.pdf), "stored_at": stored_at}
    await connection.execute(_ADD, _ROWS.arrays([row]))


async def known(connection: AsyncConnection, wanted: Mapping[UUID, str]) -> set[UUID]:
    """Those of these documents whose rendition, the one given for each, was made."""
    return set((await connection.execute(_KNOWN, renditions_of(wanted.items()))).scalars())


async def find(connection: AsyncConnection, document_id: UUID, rendition: str) -> StoredDocument | None:
    """The bytes of a rendition, if it was made."""
    rows = await connection.execute(_FIND, {"id": document_id, "rendition": rendition})
    return next(iter(rows_as(StoredDocument, rows)), None)
