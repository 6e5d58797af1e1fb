"""What patients hold as credit of which payment, as sums that do not care for the order of events (`NOT-10`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from chassis.database import Work
from chassis.database.rows import Rows
from sqlalchemy import text

from notifications.domain.credit_part import CreditPartChange
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


async def add_changes(work: Work, changes: Sequence[CreditPartChange]) -> None:
    """Add what events say to what is known."""
    if changes:
        await work.connection.execute(_ADD_CHANGES, _ROWS.arrays(asdict(change) for change in changes))
