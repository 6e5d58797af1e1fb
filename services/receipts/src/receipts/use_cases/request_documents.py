"""Say which of several documents are made, and have those made that are not: for whoever fetches them later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.database import Database

from receipts.domain.render_task import ASKED_FOR
from receipts.domain.requested_document import RENDERED_AS, FoundDocument, RequestedDocument
from receipts.persistence import requested_documents
from receipts.use_cases.queue_renditions import QueueRenditions, queue_renditions

State = Literal["ready", "being_made", "set_aside", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDocuments:
    """The documents that somebody wants."""

    clinic_id: UUID
    requested: Sequence[RequestedDocument]
    subject: str
    priority: int = ASKED_FOR


async def request_documents(database: Database, command: RequestDocuments) -> list[tuple[RequestedDocument, State]]:
    """Each in their order; what is not known may be on its way. One look at all, one change for what is missing."""
    async with database.reading([command.clinic_id]) as connection:
        found = await requested_documents.states_of(connection, command.requested)
    missing = {
        document.rendered: RENDERED_AS[document.requested.kind]
        for document in found
        if document.rendered and _state_of(document) == "being_made"
    }
    if missing:
        queued = QueueRenditions(
            clinic_id=command.clinic_id, kinds=missing, subject=command.subject, priority=command.priority
        )
        await queue_renditions(database, queued)
    return [(document.requested, _state_of(document)) for document in found]


def _state_of(found: FoundDocument) -> State:
    if found.rendered is None:
        return "unknown"
    if found.made:
        return "ready"
    return "set_aside" if found.set_aside else "being_made"
