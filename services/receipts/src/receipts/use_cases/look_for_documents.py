"""Look which of several documents are made, and have those made that are not: for whoever fetches them later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.database import Database
from chassis.trace_context import current_trace

from receipts.persistence import render_tasks, wanted_documents
from receipts.persistence.render_tasks import ASKED_FOR, BELL, RenderTask
from receipts.persistence.wanted_documents import RENDERED_AS, Found, Wanted

State = Literal["ready", "being_made", "set_aside", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookForDocuments:
    """The documents that somebody wants."""

    clinic_id: UUID
    wanted: Sequence[Wanted]
    subject: str
    priority: int = ASKED_FOR


async def look_for_documents(database: Database, command: LookForDocuments) -> list[tuple[Wanted, State]]:
    """Each in their order; what is not known may be on its way. One look for all, one change for what is missing."""
    async with database.reading([command.clinic_id]) as connection:
        found = await wanted_documents.look_for(connection, command.wanted)
    await _ask_for(database, command, [one for one in found if _state_of(one) == "being_made"])
    return [(one.wanted, _state_of(one)) for one in found]


def _state_of(found: Found) -> State:
    if found.document is None:
        return "unknown"
    if found.made:
        return "ready"
    return "set_aside" if found.set_aside else "being_made"


async def _ask_for(database: Database, command: LookForDocuments, missing: Sequence[Found]) -> None:
    tasks = [
        RenderTask(
            *one.document,
            command.clinic_id,
            RENDERED_AS[one.wanted.kind],
            priority=command.priority,
            trace=current_trace(),
        )
        for one in missing
        if one.document
    ]
    if tasks:
        async with database.transaction([command.clinic_id], command.subject) as work:
            await render_tasks.add(work.connection, tasks, unless_stored=True)
            work.ring(BELL)
