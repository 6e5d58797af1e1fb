"""Words of transactions whose years are over: who paid, why, by which reference, and what was noted (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_EMPTY = text("SELECT empty_expired_words(CAST(:clinics AS uuid[]), CAST(:most AS integer))")


async def empty_expired(connection: AsyncConnection, clinic_ids: Sequence[UUID], *, most: int) -> int:
    """Empty up to `most` of each kind that these clinics need not keep any longer, by the database's clock; how many.

    Amounts, days, methods, codes and whose they are stay: they are the books, which are proven as before.
    """
    emptied = await connection.scalar(_EMPTY, {"clinics": list(clinic_ids), "most": most})
    return int(emptied or 0)
