"""What is stored: a row for each, written once with its SHA-256; the bytes in it, or in the object store (`RCP-1`).

The database refuses to change or delete a row, but for its bytes, once: when they have moved to the store.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.render_task import RenderTask
from receipts.domain.stored_document import PDF, KeptDocument, ObjectKey, Place, StoredDocument
from receipts.persistence.render_tasks import RENDITIONS, renditions_of
from receipts.persistence.tables import STORED_DOCUMENTS

_ROWS = Rows(STORED_DOCUMENTS, also=["media_type", "in_store"])
_KEPT = "document_id, rendition, clinic_id, sha256, in_store, pdf"
_ADD = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING RETURNING document_id")
_FIND = text(f"SELECT {_KEPT} FROM stored_documents WHERE document_id = :id AND rendition = :rendition")  # noqa: S608 - constants
_SEVERAL = text(
    f"""
    SELECT {_KEPT} FROM stored_documents
     WHERE (document_id, rendition) IN (SELECT document_id, rendition FROM {RENDITIONS.given()})
    """  # noqa: S608 - constants
)
_KNOWN = text(
    f"""
    SELECT document_id FROM stored_documents
     WHERE (document_id, rendition) IN (SELECT document_id, rendition FROM {RENDITIONS.given()})
    """  # noqa: S608 - constants
)
_IN_ROWS = text(
    f"""
    SELECT {_KEPT} FROM stored_documents
     WHERE clinic_id = :clinic_id AND NOT in_store
       AND (document_id, rendition) > (CAST(:after_id AS uuid), :after_rendition)
     ORDER BY document_id, rendition LIMIT :most
    """  # noqa: S608 - constants
)
_IN_STORE = text(
    f"""
    SELECT {_KEPT} FROM stored_documents
     WHERE clinic_id = :clinic_id AND in_store
       AND (document_id, rendition) > (CAST(:after_id AS uuid), :after_rendition)
     ORDER BY document_id, rendition LIMIT :most
    """  # noqa: S608 - constants
)
_SAMPLE = text(
    f"""
    SELECT {_KEPT} FROM stored_documents WHERE clinic_id = :clinic_id AND in_store ORDER BY random() LIMIT :most
    """  # noqa: S608 - constants
)
_SOME_IN_STORE = text(
    "SELECT EXISTS (SELECT FROM stored_documents WHERE clinic_id = ANY(CAST(:clinic_ids AS uuid[])) AND in_store)"
)
_MOVED = text(
    f"""
    UPDATE stored_documents AS d SET pdf = '', in_store = true
      FROM (SELECT document_id, rendition FROM {RENDITIONS.given()} ORDER BY document_id, rendition) AS m
     WHERE d.document_id = m.document_id AND d.rendition = m.rendition AND NOT d.in_store
    RETURNING d.clinic_id, d.sha256
    """  # noqa: S608 - constants
)
_REFERRED = text(
    """
    SELECT DISTINCT sha256 FROM stored_documents
     WHERE clinic_id = :clinic_id AND in_store AND sha256 = ANY(CAST(:hashes AS text[]))
    """
)


async def add(
    connection: AsyncConnection, task: RenderTask, document: StoredDocument, stored_at: datetime, *, in_store: bool
) -> bool:
    """Keep what a task was for, for ever: its bytes too, unless they are in the store. False where it was kept."""
    row = {
        **asdict(task),
        "sha256": document.sha256,
        "pdf": b"" if in_store else document.pdf,
        "size_bytes": len(document.pdf),
        "stored_at": stored_at,
        "media_type": PDF,
        "in_store": in_store,
    }
    return (await connection.execute(_ADD, _ROWS.arrays([row]))).one_or_none() is not None


async def known(connection: AsyncConnection, wanted: Mapping[UUID, str]) -> set[UUID]:
    """Those of these documents whose rendition, the one given for each, was made."""
    return set((await connection.execute(_KNOWN, renditions_of(wanted.items()))).scalars())


async def find(connection: AsyncConnection, document_id: UUID, rendition: str) -> KeptDocument | None:
    """A rendition, if it was made."""
    rows = await connection.execute(_FIND, {"id": document_id, "rendition": rendition})
    return next(iter(rows_as(KeptDocument, rows)), None)


async def several(connection: AsyncConnection, wanted: Mapping[UUID, str]) -> list[KeptDocument]:
    """Those of these documents whose rendition was made, in the order in which they are wanted."""
    rows = await connection.execute(_SEVERAL, renditions_of(wanted.items()))
    found = {kept.document_id: kept for kept in rows_as(KeptDocument, rows)}
    return [found[document_id] for document_id in wanted if document_id in found]


async def in_rows(connection: AsyncConnection, clinic_id: UUID, after: Place, *, most: int) -> list[KeptDocument]:
    """A clinic's documents whose bytes are in their rows, in order."""
    return rows_as(KeptDocument, await connection.execute(_IN_ROWS, _walk(clinic_id, after, most)))


async def in_store(connection: AsyncConnection, clinic_id: UUID, after: Place, *, most: int) -> list[KeptDocument]:
    """A clinic's documents whose bytes are in the store, in order."""
    return rows_as(KeptDocument, await connection.execute(_IN_STORE, _walk(clinic_id, after, most)))


async def sample_in_store(connection: AsyncConnection, clinic_id: UUID, *, most: int) -> list[KeptDocument]:
    """Some of a clinic's documents whose bytes are in the store, others each time."""
    return rows_as(KeptDocument, await connection.execute(_SAMPLE, {"clinic_id": clinic_id, "most": most}))


async def some_in_store(connection: AsyncConnection, clinic_ids: Sequence[UUID]) -> bool:
    """Whether any document of these clinics has its bytes in the store."""
    return bool((await connection.execute(_SOME_IN_STORE, {"clinic_ids": clinic_ids})).scalar_one())


async def move(connection: AsyncConnection, moved: Collection[KeptDocument]) -> list[ObjectKey]:
    """Leave the bytes of these to the store, which has them; the objects of those that were still in their rows."""
    given = renditions_of((kept.document_id, kept.rendition) for kept in moved)
    return rows_as(ObjectKey, await connection.execute(_MOVED, given))


async def referred(connection: AsyncConnection, clinic_id: UUID, keys: Collection[ObjectKey]) -> set[ObjectKey]:
    """Those of a clinic's objects that documents have their bytes in."""
    given = {"clinic_id": clinic_id, "hashes": sorted(key.sha256 for key in keys)}
    return {ObjectKey(clinic_id, sha256) for sha256 in (await connection.execute(_REFERRED, given)).scalars()}


def _walk(clinic_id: UUID, after: Place, most: int) -> dict[str, object]:
    return {"clinic_id": clinic_id, "after_id": after.document_id, "after_rendition": after.rendition, "most": most}
