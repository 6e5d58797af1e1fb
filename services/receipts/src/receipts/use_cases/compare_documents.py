"""Compare what the object store has with what the rows say that it has (`ALL-8`, `RCP-1`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.proof import Difference

from receipts.documents.store.document_store import DocumentStore, together
from receipts.domain.errors import DocumentDamaged
from receipts.domain.stored_document import KeptDocument


async def compare_documents(store: DocumentStore, kept: Sequence[KeptDocument]) -> list[Difference]:
    """Each document whose object is gone or has other bytes. Raises StoreUnavailable."""
    found = await together(_compared(store, document) for document in kept)
    return [difference for difference in found if difference]


async def _compared(store: DocumentStore, kept: KeptDocument) -> Difference | None:
    what = f"document {kept.document_id} {kept.rendition} in the store"
    try:
        await store.read(kept.key)
    except DocumentDamaged as damage:
        return Difference(what, kept.sha256, damage.what, kept.clinic_id)
    return None
