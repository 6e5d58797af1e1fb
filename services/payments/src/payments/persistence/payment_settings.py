"""The clinic's settings of payments: every version stays, the highest is in force."""

from __future__ import annotations

from uuid import UUID

from chassis.database.rows import record_of, rows_as
from chassis.database.versioned_settings import VersionedSettings
from chassis.money import Money
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.payment_settings import PaymentSettings
from payments.persistence.tables import PAYMENT_SETTING_VERSIONS

VERSIONS = VersionedSettings(PAYMENT_SETTING_VERSIONS, lambda row: rows_as(PaymentSettings, [row])[0], record_of)


async def refund_limit(connection: AsyncConnection, clinic_id: UUID) -> Money | None:
    """Above what a refund needs a second person; None where it never does (`ALL-5`)."""
    settings = (await VERSIONS.in_force(connection, [clinic_id])).get(clinic_id)
    return None if settings is None else settings.refund_limit
