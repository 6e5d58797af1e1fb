"""Prove that what lies in the object store is what was put there, by some documents at random (`ALL-8`, `RCP-1`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Database
from chassis.proof import Difference, Proven

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import StoreUnavailable
from receipts.persistence import stored_documents
from receipts.use_cases.compare_documents import compare_documents

SAMPLED = 50
"""Of each clinic, each time; all are compared by `receipts verify-documents`."""


async def prove_documents(database: Database, store: DocumentStore, clinic_id: UUID) -> Proven:
    """How many of a clinic's documents were read and rehashed, and what differs. No connection is held meanwhile."""
    async with database.reading([clinic_id]) as connection:
        sample = await stored_documents.sample_in_store(connection, clinic_id, most=SAMPLED)
    try:
        differences = await compare_documents(store, sample)
    except StoreUnavailable as away:
        differences = [Difference("the store of documents", "answers", away.why)]
    return Proven(len(sample), differences)
