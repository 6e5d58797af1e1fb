"""Documents that were deleted when their retention had ended: which there were, and when they went (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_DELETE_EXPIRED = text(
    """
    SELECT kind, documents
      FROM delete_expired_documents(CAST(:clinics AS uuid[]), CAST(:days AS date[]), CAST(:most AS integer))
    """
)
_AMONG = text("SELECT document_id FROM deleted_documents WHERE document_id = ANY(CAST(:ids AS uuid[]))")


async def delete_expired(connection: AsyncConnection, kept_from: Mapping[UUID, date], *, most: int) -> dict[str, int]:
    """Delete up to `most` documents that are of days before those from which their clinics keep them.

    How many there were, by kind. Of each stays its number, its amount, its SHA-256, and that it was deleted.
    """
    clinics = sorted(kept_from)
    values = {"clinics": clinics, "days": [kept_from[clinic_id] for clinic_id in clinics], "most": most}
    return {row.kind: row.documents for row in await connection.execute(_DELETE_EXPIRED, values)}


async def among(connection: AsyncConnection, ids: Collection[UUID]) -> set[UUID]:
    """Those of these documents that were deleted."""
    return set((await connection.execute(_AMONG, {"ids": list(ids)})).scalars())
