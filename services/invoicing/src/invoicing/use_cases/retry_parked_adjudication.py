"""Have a decision that was set aside tried again, perhaps with whose it is (`INS-3`, `INS-8`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import NotFound, SetAsideClosed
from invoicing.domain.parked_adjudication import ParkedAdjudication
from invoicing.persistence import parked_adjudications, payer_identities
from invoicing.use_cases.apply_adjudications import apply_adjudications


async def retry_parked_adjudication(work: Work, set_aside_id: UUID, payer_id: UUID | None = None) -> ParkedAdjudication:
    """Try a decision again; it stays open, with the reason of now, where that fails.

    `payer_id` says whose it is, for this decision and for further ones under the same payer's id. It is locked after
    its invoice, as by the insurer's events. Raises NotFound, SetAsideClosed, Invalid where it is nobody's there.
    """
    parked = _open(set_aside_id, await parked_adjudications.find(work.connection, set_aside_id))
    stated = parked_adjudications.stated_of(parked)
    if payer_id is not None:
        key = (stated.clinic_id, stated.payer_id)
        await payer_identities.say(work.connection, key, payer_id, work.actor, work.now)
    refused = await apply_adjudications(work, [stated], payer_confirmed=payer_id is not None)
    if refused:
        await open_set_aside(work, set_aside_id)
        return await parked_adjudications.explain(work.connection, set_aside_id, refused[0].cause, refused[0].detail)
    after = await parked_adjudications.lock(work.connection, set_aside_id)
    if after is not None and after.state == "applied":
        return after
    _open(set_aside_id, after)  # it had been applied already, by another event of the same decision
    return await parked_adjudications.close(work.connection, set_aside_id, "applied", work.now, work.actor, None)


async def open_set_aside(work: Work, set_aside_id: UUID) -> ParkedAdjudication:
    """One that is open, locked. Raises NotFound, SetAsideClosed."""
    return _open(set_aside_id, await parked_adjudications.lock(work.connection, set_aside_id))


def _open(set_aside_id: UUID, parked: ParkedAdjudication | None) -> ParkedAdjudication:
    if parked is None:
        raise NotFound("decision set aside", set_aside_id)
    if parked.state != "open":
        raise SetAsideClosed(set_aside_id, parked.state)
    return parked
