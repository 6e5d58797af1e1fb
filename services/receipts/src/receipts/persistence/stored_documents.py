"""The stored bytes: written once with their SHA-256, refused to be changed or deleted by the database (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ADD = text(
    """
    INSERT INTO stored_documents (document_id, rendition, clinic_id, kind, sha256, size_bytes, stored_at, pdf)
    VALUES (:document_id, :rendition, :clinic_id, :kind, :sha256, :size_bytes, :stored_at, :pdf)
    ON CONFLICT DO NOTHING
    """
)
_FIND = text("SELECT sha256, pdf FROM stored_documents WHERE document_id = :id AND rendition = :rendition")
_KNOWN = text(
    """
    SELECT document_id FROM stored_documents
     WHERE (document_id, rendition) IN (SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:renditions AS text[])))
    """
)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The bytes of one rendition, and their hash."""

    sha256: str
    pdf: bytes


async def add(
    connection: AsyncConnection,
    *,
    document_id: UUID,
    rendition: str,
    clinic_id: UUID,
    kind: str,
    document: StoredDocument,
    stored_at: datetime,
) -> None:
    """Keep bytes for ever."""
    await connection.execute(
        _ADD,
        {
            "document_id": document_id,
            "rendition": rendition,
            "clinic_id": clinic_id,
            "kind": kind,
            "sha256": document.sha256,
            "size_bytes": len(document.pdf),
            "stored_at": stored_at,
            "pdf": document.pdf,
        },
    )


async def known(connection: AsyncConnection, wanted: Mapping[UUID, str]) -> set[UUID]:
    """Those of these documents whose rendition, the one given for each, was made."""
    rows = await connection.execute(_KNOWN, {"ids": list(wanted), "renditions": list(wanted.values())})
    return set(rows.scalars())


async def find(connection: AsyncConnection, document_id: UUID, rendition: str) -> StoredDocument | None:
    """The bytes of a rendition, if it was made."""
    row = (await connection.execute(_FIND, {"id": document_id, "rendition": rendition})).one_or_none()
    return None if row is None else StoredDocument(row.sha256, row.pdf)
