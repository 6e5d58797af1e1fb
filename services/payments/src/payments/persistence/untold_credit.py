"""Patients of whose credit others were not told, clinic by clinic (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NEXT = text(
    """
    SELECT clinic_id, recorded_before, told_until FROM untold_credit
     WHERE clinic_id = ANY(CAST(:clinics AS uuid[])) AND recorded_before <= :now
     ORDER BY clinic_id LIMIT 1 FOR UPDATE
    """
)
# Locked, so that whatever changes their credit meanwhile is announced after what is said of it here; so it is heard,
# too, but for another patient's transaction (a move that sets their credit free), whose events have a key of their own.
_HOLDERS = text(
    """
    SELECT patient_id FROM patient_credit
     WHERE clinic_id = :clinic_id AND patient_id > :told_until AND balance_minor > 0
     ORDER BY clinic_id, patient_id LIMIT :most FOR UPDATE
    """
)
_PARTS = text(
    """
    SELECT h.patient_id, h.payment_id, h.minor, t.currency
      FROM credit_parts AS h JOIN transactions AS t ON t.transaction_id = h.payment_id
     WHERE h.clinic_id = :clinic_id AND h.patient_id = ANY(CAST(:holders AS uuid[])) AND h.minor > 0
       AND t.payer_kind <> 'insurer' AND t.recorded_at < :recorded_before
     ORDER BY h.patient_id, h.payment_id
    """
)
_TOLD = text("UPDATE untold_credit SET told_until = :until WHERE clinic_id = :clinic_id")
_END = text("DELETE FROM untold_credit WHERE clinic_id = :clinic_id")


async def lock_next(connection: AsyncConnection, clinics: Sequence[UUID], now: datetime) -> Any | None:
    """One of these clinics that has some left to be told by now, locked."""
    return (await connection.execute(_NEXT, {"clinics": list(clinics), "now": now})).one_or_none()


async def lock_holders(connection: AsyncConnection, untold: Any, most: int) -> list[UUID]:
    """The clinic's next patients with credit, in the order of their ids, and their credit, locked."""
    wanted = {"clinic_id": untold.clinic_id, "told_until": untold.told_until, "most": most}
    return list((await connection.execute(_HOLDERS, wanted)).scalars())


async def parts_of(connection: AsyncConnection, untold: Any, holders: Sequence[UUID]) -> Sequence[Any]:
    """What they hold of payments from before, patient by patient; not what insurers overpaid."""
    wanted = {"clinic_id": untold.clinic_id, "recorded_before": untold.recorded_before, "holders": list(holders)}
    return (await connection.execute(_PARTS, wanted)).all()


async def keep_told(connection: AsyncConnection, clinic_id: UUID, until: UUID) -> None:
    """Keep up to which patient a clinic's were told."""
    await connection.execute(_TOLD, {"clinic_id": clinic_id, "until": until})


async def end(connection: AsyncConnection, clinic_id: UUID) -> None:
    """All of a clinic were told."""
    await connection.execute(_END, {"clinic_id": clinic_id})
