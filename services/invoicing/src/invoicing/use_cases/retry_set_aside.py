"""Have a decision that was set aside tried again (`INS-3`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import NotFound, SetAsideClosed
from invoicing.persistence import set_aside_decisions
from invoicing.use_cases.apply_decisions import apply_decisions


async def retry_set_aside(work: Work, set_aside_id: UUID) -> Any:
    """Try a decision again; it stays open, with the reason of now, where that fails.

    It is locked after its invoice, as by the insurer's events. Raises NotFound, SetAsideClosed, InvoicesUnknown.
    """
    row = _open(set_aside_id, await set_aside_decisions.find(work.connection, set_aside_id))
    refused = await apply_decisions(work, [set_aside_decisions.stated_of(row)])
    if refused:
        await open_set_aside(work, set_aside_id)
        return await set_aside_decisions.explain(work.connection, set_aside_id, refused[0].cause, refused[0].detail)
    row = await set_aside_decisions.lock(work.connection, set_aside_id)
    if row is not None and row.state == "applied":
        return row
    _open(set_aside_id, row)  # it had been applied already, by another event of the same decision
    return await set_aside_decisions.close(work.connection, set_aside_id, "applied", work.now, work.actor, None)


async def open_set_aside(work: Work, set_aside_id: UUID) -> Any:
    """One that is open, locked. Raises NotFound, SetAsideClosed."""
    return _open(set_aside_id, await set_aside_decisions.lock(work.connection, set_aside_id))


def _open(set_aside_id: UUID, row: Any | None) -> Any:
    if row is None:
        raise NotFound("decision set aside", set_aside_id)
    if row.state != "open":
        raise SetAsideClosed(set_aside_id, row.state)
    return row
