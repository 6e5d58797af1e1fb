"""Addresses that nothing is sent to (`NOT-8.2`): one row for each time that one was suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.suppressed_address import SuppressedAddress, SuppressionFilter
from notifications.persistence.patients import KEYS, keys_of
from notifications.persistence.tables import SUPPRESSED_ADDRESSES

_ADDRESS = TypeAdapter(SuppressedAddress)
_ROWS = Rows(SUPPRESSED_ADDRESSES)
_ADD = text(
    f"""
    {_ROWS.inserting()}
    ON CONFLICT (clinic_id, channel, coalesce(purpose, ''), lower(btrim(address))) WHERE lifted_at IS NULL DO NOTHING
    """
)
_CONDITIONS = {
    "before": "id < :before",
    "patients": "patient_id = ANY(CAST(:patients AS uuid[]))",
    "is_lifted": "(lifted_at IS NOT NULL) = :is_lifted",
}
_LOCK = text("SELECT * FROM suppressed_addresses WHERE id = :id FOR UPDATE")
_LIFT = text(
    """
    UPDATE suppressed_addresses SET lifted_at = :now, lifted_by = :by, lift_reason = :reason WHERE id = :id
    RETURNING *
    """
)
_FORGET = text(
    f"""
    UPDATE suppressed_addresses AS s SET address = NULL, lift_reason = NULL FROM {KEYS.given(alias="f")}
     WHERE s.clinic_id = f.clinic_id AND s.patient_id = f.patient_id AND num_nonnulls(s.address, s.lift_reason) > 0
    """  # noqa: S608 - constants
)


async def add(work: Work, found: Sequence[SuppressedAddress]) -> int:
    """Suppress addresses that are not suppressed yet; how many."""
    if not found:
        return 0
    return (await work.connection.execute(_ADD, _ROWS.arrays(asdict(one) for one in found))).rowcount


async def newest(
    connection: AsyncConnection, wanted: SuppressionFilter, before: UUID | None, limit: int
) -> list[SuppressedAddress]:
    """The clinic's, the newest first."""
    given: dict[str, Any] = {"before": before, "patients": wanted.patients, "is_lifted": wanted.is_lifted}
    given = {name: value for name, value in given.items() if value is not None}
    conditions = " AND ".join(_CONDITIONS[name] for name in given) or "true"
    statement = f"SELECT * FROM suppressed_addresses WHERE {conditions} ORDER BY id DESC LIMIT :limit"  # noqa: S608
    found = await connection.execute(text(statement), given | {"limit": limit})
    return [_ADDRESS.validate_python(dict(row)) for row in found.mappings()]


async def get(work: Work, suppression_id: UUID) -> SuppressedAddress | None:
    """One, locked until the transaction ends."""
    row = (await work.connection.execute(_LOCK, {"id": suppression_id})).mappings().first()
    return _ADDRESS.validate_python(dict(row)) if row else None


async def lift(work: Work, suppression_id: UUID, reason: str) -> SuppressedAddress:
    """Have a locked one be sent to again."""
    given = {"id": suppression_id, "now": work.now, "by": work.actor, "reason": reason}
    return _ADDRESS.validate_python(dict((await work.connection.execute(_LIFT, given)).mappings().one()))


async def forget(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Take from these patients (clinic, patient) their addresses, and what persons said of them (`ALL-9`)."""
    await work.connection.execute(_FORGET, keys_of(who))
