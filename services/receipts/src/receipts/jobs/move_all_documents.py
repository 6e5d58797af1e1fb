"""`receipts move-documents`: bytes of documents go from the database into the store, clinic by clinic (`RCP-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import all_clinics
from chassis.service import Say

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import StoreUnavailable
from receipts.domain.stored_document import BEGINNING
from receipts.use_cases.move_documents import DamagedDocument, MoveDocuments, move_documents

ACTOR = "command:move-documents"
DOCUMENTS_AT_ONCE = 50


@dataclass
class _Moved:
    """How much was moved, and how many documents were not, as bytes of theirs are not those of their SHA-256."""

    documents: int = 0
    size_bytes: int = 0
    damaged: int = 0


async def move_all_documents(resources: Any, say: Say) -> bool:
    """Move what is still in rows, saying how much of each clinic; false where it stopped, or documents are damaged.

    It may be cut off at any point and run again, also twice at once: what has moved is not moved again.
    """
    moved = _Moved()
    well = True
    try:
        resources.state.store.require()
        for clinic_id in await all_clinics(resources.database):
            await _move_of(resources.database, resources.state.store, clinic_id, moved, say)
    except StoreUnavailable as error:
        say({"stopped": str(error)})
        well = False
    say({"moved": moved.documents, "bytes": moved.size_bytes, "damaged": moved.damaged})
    return well and not moved.damaged


async def _move_of(database: Database, store: DocumentStore, clinic_id: UUID, moved: _Moved, say: Say) -> None:
    before, after = moved.documents, BEGINNING
    while True:
        some = MoveDocuments(clinic_id=clinic_id, after=after, most=DOCUMENTS_AT_ONCE, subject=ACTOR)
        done = await move_documents(database, store, some)
        if done.after is None:
            break
        moved.documents += done.documents
        moved.size_bytes += done.size_bytes
        moved.damaged += len(done.damaged)
        for damaged in done.damaged:
            say({"clinic": clinic_id} | _named(damaged))
        after = done.after
    if moved.documents > before:
        say({"clinic": clinic_id, "moved": moved.documents - before})


def _named(damaged: DamagedDocument) -> dict[str, Any]:
    kept = damaged.document
    said = {"damaged": kept.document_id, "rendition": kept.rendition, "sha256": kept.sha256, "in": damaged.where}
    return said | ({"object": kept.key.path} if damaged.where == "store" else {})
