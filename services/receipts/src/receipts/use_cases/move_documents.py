"""Move bytes of documents from their rows into the object store, where they are read from then on (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.database import Database

from receipts.documents.store.document_store import DocumentStore, together
from receipts.domain.errors import DocumentDamaged, StoreUnavailable
from receipts.domain.stored_document import KeptDocument, Place, StoredDocument
from receipts.persistence import object_removals, stored_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDocuments:
    """Some documents of a clinic: the first ones behind a place."""

    clinic_id: UUID
    after: Place
    most: int
    subject: str


@dataclass(frozen=True, slots=True)
class DamagedDocument:
    """One whose bytes are not those of its SHA-256: in its row, or in the store, where something else lies."""

    document: KeptDocument
    where: Literal["row", "store"]


@dataclass(frozen=True, slots=True)
class MovedDocuments:
    """What came of it, and behind which place to go on; None where nothing is left."""

    documents: int
    size_bytes: int
    damaged: Sequence[DamagedDocument]
    """Those that stay where they are."""
    after: Place | None


async def move_documents(database: Database, store: DocumentStore, command: MoveDocuments) -> MovedDocuments:
    """Put the bytes into the store, then take them from their rows; whoever dies in between does it again.

    Raises StoreUnavailable.
    """
    async with database.reading([command.clinic_id]) as connection:
        found = await stored_documents.in_rows(connection, command.clinic_id, command.after, most=command.most)
    if not found:
        return MovedDocuments(0, 0, [], None)
    sound = [kept for kept in found if StoredDocument.of(kept.pdf).sha256 == kept.sha256]
    moved = await _kept_in_store(database, store, command, sound) if sound else []
    if moved:
        await _left_to_store(database, command, moved)
    damaged = [DamagedDocument(kept, "store" if kept in sound else "row") for kept in found if kept not in moved]
    size_bytes = sum(len(kept.pdf) for kept in moved)
    return MovedDocuments(len(moved), size_bytes, damaged, Place(found[-1].document_id, found[-1].rendition))


async def _kept_in_store(
    database: Database, store: DocumentStore, command: MoveDocuments, sound: Sequence[KeptDocument]
) -> list[KeptDocument]:
    """Those that the store has now; of another it has other bytes by that hash, over which nothing is written."""
    async with database.transaction([command.clinic_id], command.subject) as work:
        await object_removals.plan(work.connection, [kept.key for kept in sound])
    kept = await together(_kept(store, document) for document in sound)
    return [document for document in kept if document]


async def _kept(store: DocumentStore, document: KeptDocument) -> KeptDocument | None:
    try:
        await store.keep(document.key, document.pdf)
    except DocumentDamaged:
        return None
    return document


async def _left_to_store(database: Database, command: MoveDocuments, kept: Sequence[KeptDocument]) -> None:
    """One that was deleted meanwhile has no row any more, and its object is removed when its time has come.

    Raises StoreUnavailable, and all stay as they are, where an object was removed meanwhile: who is stopped for longer
    than a day takes the only bytes from no row.
    """
    async with database.transaction([command.clinic_id], command.subject) as work:
        moved = set(await stored_documents.move(work.connection, kept))
        if moved - await object_removals.cancel(work.connection, moved):
            raise StoreUnavailable("an object was removed before its row left the bytes to it")
