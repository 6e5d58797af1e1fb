"""What patients hold as credit of which payment, as sums that do not care for the order of events (`NOT-10`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from chassis.database import Work
from chassis.database.rows import Rows
from sqlalchemy import text

from notifications.domain.credit_part import CreditPart, CreditPartChange
from notifications.persistence.tables import CREDIT_PARTS

_ROWS = Rows(CREDIT_PARTS)
# Always in the same order, so that two batches never wait for each other in a circle.
_ADD_CHANGES = text(
    f"""
    INSERT INTO credit_parts AS c ({_ROWS.names})
    SELECT clinic_id, patient_id, payment_id, sum(held_minor)
      FROM {_ROWS.given()} GROUP BY clinic_id, patient_id, payment_id ORDER BY clinic_id, patient_id, payment_id
    ON CONFLICT (clinic_id, patient_id, payment_id) DO UPDATE SET held_minor = c.held_minor + excluded.held_minor
    """  # noqa: S608 - constants
)
# Of a payment that was heard of with who paid it, all its changes were heard of, too: they say more than was told.
_KEEP_TOLD = text(
    f"""
    INSERT INTO credit_parts AS c ({_ROWS.names}, told)
    SELECT clinic_id, patient_id, payment_id, held_minor, true FROM {_ROWS.given(alias="said")}
     WHERE NOT EXISTS (SELECT FROM transactions AS t
                        WHERE t.clinic_id = said.clinic_id AND t.transaction_id = said.payment_id
                          AND t.by_insurer IS NOT NULL)
     ORDER BY clinic_id, patient_id, payment_id
    ON CONFLICT (clinic_id, patient_id, payment_id) DO UPDATE SET held_minor = excluded.held_minor, told = true
    """  # noqa: S608 - constants
)


async def add_changes(work: Work, changes: Sequence[CreditPartChange]) -> None:
    """Add what events say to what is known."""
    if changes:
        await work.connection.execute(_ADD_CHANGES, _ROWS.arrays(asdict(change) for change in changes))


async def keep_told(work: Work, held: Sequence[CreditPart]) -> None:
    """Count from what was told of payments from before; of several that say it of one part, the last counts."""
    newest = {(part.clinic_id, part.patient_id, part.payment_id): part for part in held}
    if newest:
        await work.connection.execute(_KEEP_TOLD, _ROWS.arrays(asdict(part) for part in newest.values()))
