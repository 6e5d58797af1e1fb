"""Documents that are requested together, as they go out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from receipts.domain.requested_document import RequestedDocument, RequestedKind
from receipts.use_cases.request_documents import State


class WantedDocumentOut(BaseModel):
    """A document that was looked for, and what becomes of it."""

    kind: RequestedKind
    id: UUID
    state: State


class WantedDocumentsOut(BaseModel):
    """The documents that were looked for, in the order of their kinds and as they were named."""

    items: list[WantedDocumentOut]

    @classmethod
    def of(cls, found: Sequence[tuple[RequestedDocument, State]]) -> WantedDocumentsOut:
        """As the API shows them."""
        return cls(
            items=[WantedDocumentOut(kind=document.kind, id=document.id, state=state) for document, state in found]
        )
