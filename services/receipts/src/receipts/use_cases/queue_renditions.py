"""Queue renditions that somebody waits for, unless they were made meanwhile (`RCP-5`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Database
from chassis.trace_context import current_trace

from receipts.domain.render_task import ASKED_FOR, RenderTask
from receipts.domain.requested_document import Rendered
from receipts.persistence import render_tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRenditions:
    """Which renditions of a clinic, each with its kind, and who asks for them."""

    clinic_id: UUID
    kinds: Mapping[Rendered, str]
    subject: str
    priority: int = ASKED_FOR


async def queue_renditions(database: Database, command: QueueRenditions) -> None:
    """Queue them; one that is queued already becomes no less urgent."""
    trace = current_trace()._asdict()
    tasks = [
        RenderTask(document_id, rendition, command.clinic_id, kind, priority=command.priority, **trace)
        for (document_id, rendition), kind in command.kinds.items()
    ]
    async with database.transaction([command.clinic_id], command.subject) as work:
        await render_tasks.add(work.connection, tasks, unless_stored=True)
        work.ring(render_tasks.BELL)
