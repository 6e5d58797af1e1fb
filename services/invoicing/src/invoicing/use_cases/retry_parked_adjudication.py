"""Have a decision that was set aside tried again, perhaps with whose it is (`INS-3`, `INS-8`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import NotFound, SetAsideClosed
from invoicing.persistence import parked_adjudications, payer_identities
from invoicing.use_cases.apply_adjudications import apply_adjudications


async def retry_parked_adjudication(work: Work, set_aside_id: UUID, payer_id: UUID | None = None) -> Any:
    """Try a decision again; it stays open, with the reason of now, where that fails.

    `payer_id` says whose it is, for this decision and for further ones under the same payer's id. It is locked after
    its invoice, as by the insurer's events. Raises NotFound, SetAsideClosed.
    """
    row = _open(set_aside_id, await parked_adjudications.find(work.connection, set_aside_id))
    stated = parked_adjudications.stated_of(row)
    if payer_id is not None:
        key = (stated.clinic_id, stated.payer_id)
        await payer_identities.say(work.connection, key, payer_id, work.actor, work.now)
    refused = await apply_adjudications(work, [stated], payer_confirmed=payer_id is not None)
    if refused:
        await open_set_aside(work, set_aside_id)
        return await parked_adjudications.explain(work.connection, set_aside_id, refused[0].cause, refused[0].detail)
    row = await parked_adjudications.lock(work.connection, set_aside_id)
    if row is not None and row.state == "applied":
        return row
    _open(set_aside_id, row)  # it had been applied already, by another event of the same decision
    return await parked_adjudications.close(work.connection, set_aside_id, "applied", work.now, work.actor, None)


async def open_set_aside(work: Work, set_aside_id: UUID) -> Any:
    """One that is open, locked. Raises NotFound, SetAsideClosed."""
    return _open(set_aside_id, await parked_adjudications.lock(work.connection, set_aside_id))


def _open(set_aside_id: UUID, row: Any | None) -> Any:
    if row is None:
        raise NotFound("decision set aside", set_aside_id)
    if row.state != "open":
        raise SetAsideClosed(set_aside_id, row.state)
    return row
