"""Apply insurers' decisions that came before their invoice was issued, once it is (`INS-8`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging.jobs import each_set
from chassis.resources import Resources

from invoicing.persistence import parked_adjudications
from invoicing.use_cases.apply_adjudications import apply_adjudications

DECISIONS_AT_ONCE = 200


async def apply_awaited_adjudications(resources: Resources) -> None:
    """Go through all clinics; each set of decisions is one transaction.

    What is not accepted after all stays set aside, with the reason of now, and is not found here again.
    """
    await each_set(resources.database, "job:apply_awaited_decisions", _some)


async def _some(work: Work, listed: Sequence[UUID]) -> bool:
    rows = await parked_adjudications.whose_invoice_came(work.connection, listed, DECISIONS_AT_ONCE)
    if rows:
        await apply_adjudications(work, [parked_adjudications.stated_of(row) for row in rows])
    return len(rows) == DECISIONS_AT_ONCE
