"""`receipts verify-documents`: each object rehashed, what is missing named, and what nobody needs (`ALL-8`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import all_clinics
from chassis.proof import Difference
from chassis.service import Say

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import StoreUnavailable
from receipts.domain.stored_document import BEGINNING, KeptDocument, Place
from receipts.persistence import object_removals, stored_documents
from receipts.use_cases.compare_documents import compare_documents

ACTOR = "command:verify-documents"
DOCUMENTS_AT_ONCE = 100


@dataclass
class _Verified:
    """How many documents were read, how many of them differ, and how many objects nobody needs."""

    documents: int = 0
    differences: int = 0
    unused: int = 0


async def verify_all_documents(resources: Any, say: Say) -> bool:
    """Read each object once, saying what differs; false where anything does. It changes no document.

    Objects that no document has its bytes in (made after the moment that the database was restored to) are removed a
    day later, if that is so then.
    """
    verified = _Verified()
    well = True
    try:
        resources.state.store.require()
        for clinic_id in await all_clinics(resources.database):
            await _verify_of(resources.database, resources.state.store, clinic_id, verified, say)
    except StoreUnavailable as away:
        say({"stopped": str(away)})
        well = False
    say(asdict(verified))
    return well and not verified.differences


async def _verify_of(database: Database, store: DocumentStore, clinic_id: UUID, verified: _Verified, say: Say) -> None:
    async for kept in _in_store(database, clinic_id):
        verified.documents += len(kept)
        for difference in await compare_documents(store, kept):
            verified.differences += 1
            say(_said(difference))
    verified.unused += await _plan_removals(database, store, clinic_id)


async def _in_store(database: Database, clinic_id: UUID) -> AsyncIterator[list[KeptDocument]]:
    """A clinic's documents, some at a time."""
    after = BEGINNING
    while True:
        async with database.reading([clinic_id]) as connection:
            kept = await stored_documents.in_store(connection, clinic_id, after, most=DOCUMENTS_AT_ONCE)
        if not kept:
            return
        yield kept
        after = Place(kept[-1].document_id, kept[-1].rendition)


async def _plan_removals(database: Database, store: DocumentStore, clinic_id: UUID) -> int:
    """Have a clinic's objects removed that nobody needs; how many there are."""
    unused = 0
    async for keys in store.listed(clinic_id):
        async with database.transaction([clinic_id], ACTOR) as work:
            needed = await stored_documents.referred(work.connection, clinic_id, keys)
            left = [key for key in keys if key not in needed]
            await object_removals.plan_once(work.connection, left)
        unused += len(left)
    return unused


def _said(difference: Difference) -> dict[str, Any]:
    told = {"what": difference.what, "expected": difference.expected, "found": difference.found}
    return {"clinic": difference.clinic_id} | told
