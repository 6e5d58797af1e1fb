"""Say what patients hold as credit of payments from before, for whoever did not keep it then (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.announcements import announce_credit_held
from payments.persistence import untold_credit


async def announce_credit(work: Work, clinics: Sequence[UUID], most: int) -> bool:
    """Announce it of the next patients of one of these clinics, and keep how far it came; whether there may be more.

    What was said and how far it came commit together: whatever is killed, it goes on there.
    """
    untold = await untold_credit.lock_next(work.connection, clinics, work.now)
    if untold is None:
        return False
    holders = await untold_credit.lock_holders(work.connection, untold, most)
    parts = await untold_credit.parts_of(work.connection, untold, holders)
    for patient_id, held in groupby(parts, key=attrgetter("patient_id")):
        amounts = {part.payment_id: Money(part.minor, part.currency) for part in held}
        announce_credit_held(work, untold.clinic_id, patient_id, amounts)
    if len(holders) == most:
        await untold_credit.keep_told(work.connection, untold.clinic_id, holders[-1])
    else:
        await untold_credit.end(work.connection, untold.clinic_id)
    return True
