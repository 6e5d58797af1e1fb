"""Invoices of which others were not told what insurers are estimated to take, clinic by clinic (`INS-1`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.persistence.invoice_lists import OPEN

_NEXT = text(
    """
    SELECT clinic_id, issued_before, told_until FROM untold_estimates
     WHERE clinic_id = ANY(CAST(:clinics AS uuid[])) AND issued_before <= :now
     ORDER BY clinic_id LIMIT 1 FOR UPDATE
    """
)
_OF_CLINIC = text(
    f"""
    SELECT i.id FROM invoices i
     WHERE i.clinic_id = :clinic_id AND i.id > :told_until AND i.status = 'issued' AND {OPEN}
       AND i.issued_at < :issued_before
       AND EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id AND l.estimates IS NOT NULL)
     ORDER BY i.id LIMIT :most
    """  # noqa: S608 - constants
)
_TOLD = text("UPDATE untold_estimates SET told_until = :until WHERE clinic_id = :clinic_id")
_END = text("DELETE FROM untold_estimates WHERE clinic_id = :clinic_id")


async def lock_next(connection: AsyncConnection, clinics: Sequence[UUID], now: datetime) -> Any | None:
    """One of these clinics that has some left to be told by now, locked."""
    return (await connection.execute(_NEXT, {"clinics": list(clinics), "now": now})).one_or_none()


async def of_clinic(connection: AsyncConnection, untold: Any, most: int) -> list[UUID]:
    """The clinic's next invoices that ask for something and have estimates, in the order of their ids."""
    wanted = {"clinic_id": untold.clinic_id, "told_until": untold.told_until, "issued_before": untold.issued_before}
    return list((await connection.execute(_OF_CLINIC, wanted | {"most": most})).scalars())


async def keep_told(connection: AsyncConnection, clinic_id: UUID, until: UUID) -> None:
    """Keep up to which invoice a clinic's were told."""
    await connection.execute(_TOLD, {"clinic_id": clinic_id, "until": until})


async def end(connection: AsyncConnection, clinic_id: UUID) -> None:
    """All of a clinic were told."""
    await connection.execute(_END, {"clinic_id": clinic_id})
