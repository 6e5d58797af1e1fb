"""Issued credit and debit notes with their frozen content; none ever changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.issued_note import IssuedNote, KeptNote
from receipts.persistence.tables import NOTES

_ROWS = Rows(NOTES)
_ADD = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING")
_NUMBERS = text("SELECT note_id, number FROM notes WHERE note_id = ANY(CAST(:ids AS uuid[]))")
_FIND = text("SELECT note_id, kind, number, content FROM notes WHERE note_id = :id")


async def add(connection: AsyncConnection, notes: Sequence[tuple[IssuedNote, dict[str, Any]]]) -> None:
    """Keep issued notes with their frozen contents; one that is known already stays as it was."""
    rows = [
        {
            "note_id": note.note_id,
            "clinic_id": note.clinic_id,
            "patient_id": note.patient_id,
            "invoice_id": note.invoice_id,
            "kind": note.kind,
            "number": note.number,
            "content": content,
        }
        for note, content in notes
    ]
    await connection.execute(_ADD, _ROWS.arrays(rows))


async def numbers_of(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of the known ones of these notes."""
    if not ids:
        return {}
    rows = await connection.execute(_NUMBERS, {"ids": list(ids)})
    return {row.note_id: row.number for row in rows}


async def find(connection: AsyncConnection, note_id: UUID) -> KeptNote | None:
    """One note of the clinic."""
    return next(iter(rows_as(KeptNote, await connection.execute(_FIND, {"id": note_id}))), None)
