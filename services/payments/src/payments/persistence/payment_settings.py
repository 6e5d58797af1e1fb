"""The clinic's settings of payments: every version stays, the highest is in force."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows
from chassis.money import Money
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.payment_settings import PaymentSettings
from payments.persistence.tables import PAYMENT_SETTING_VERSIONS

_VERSIONS = text(
    """
    SELECT version, refund_limit_minor, currency, reason, changed_at, changed_by
      FROM payment_setting_versions
     WHERE clinic_id = :clinic_id AND (CAST(:before AS bigint) IS NULL OR version < :before)
     ORDER BY version DESC LIMIT :limit
    """
)
_ROWS = Rows(PAYMENT_SETTING_VERSIONS)
_ADD = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING")


async def in_force(connection: AsyncConnection, clinic_id: UUID) -> PaymentSettings:
    """The settings; those of version 0 where none were ever made."""
    found = await versions(connection, clinic_id, None, 1)
    return found[0] if found else PaymentSettings()


async def versions(
    connection: AsyncConnection, clinic_id: UUID, before: int | None, limit: int
) -> list[PaymentSettings]:
    """The versions before one, or all, the latest first: what was in force, who made it so, when and why (`ALL-5`)."""
    rows = await connection.execute(_VERSIONS, {"clinic_id": clinic_id, "before": before, "limit": limit})
    return [_settings(row) for row in rows]


async def refund_limit(connection: AsyncConnection, clinic_id: UUID) -> Money | None:
    """Above what a refund needs a second person; None where it never does (`ALL-5`)."""
    return (await in_force(connection, clinic_id)).refund_limit


async def add(connection: AsyncConnection, clinic_id: UUID, settings: PaymentSettings, currency: str) -> bool:
    """Enter a further version; False where somebody else entered it before."""
    limit = None if settings.refund_limit is None else settings.refund_limit.minor
    row = asdict(settings) | {"clinic_id": clinic_id, "refund_limit_minor": limit, "currency": currency}
    return bool((await connection.execute(_ADD, _ROWS.arrays([row]))).rowcount)


def _settings(row: Any) -> PaymentSettings:
    limit = None if row.refund_limit_minor is None else Money(row.refund_limit_minor, row.currency)
    return PaymentSettings(row.version, limit, row.reason, row.changed_at, row.changed_by)
