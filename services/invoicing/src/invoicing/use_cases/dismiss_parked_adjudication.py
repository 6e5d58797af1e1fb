"""Dismiss a decision that was set aside: it is never applied, and why (`INS-3`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.parked_adjudication import ParkedAdjudication
from invoicing.persistence import parked_adjudications
from invoicing.use_cases.retry_parked_adjudication import open_set_aside


async def dismiss_parked_adjudication(work: Work, set_aside_id: UUID, reason: str) -> ParkedAdjudication:
    """Decide that a decision is never applied, with who and why. Raises NotFound, SetAsideClosed."""
    await open_set_aside(work, set_aside_id)
    return await parked_adjudications.close(work.connection, set_aside_id, "dismissed", work.now, work.actor, reason)
