"""Whose turn it is at a provider: one row a channel, of all workers together (`NOT-3.6`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from chassis.database import Work
from sqlalchemy import text

# Who comes while the next turn is too far off takes none, so that a turn that is given is used.
_TAKE = text(
    """
    INSERT INTO provider_paces AS p (kind, next_at) VALUES (:kind, CAST(:now AS timestamptz) + CAST(:apart AS interval))
    ON CONFLICT (kind) DO UPDATE SET next_at = greatest(p.next_at, CAST(:now AS timestamptz)) + CAST(:apart AS interval)
     WHERE p.next_at <= CAST(:now AS timestamptz) + CAST(:longest AS interval)
    RETURNING next_at - CAST(:apart AS interval)
    """
)
_HOLD = text(
    """
    INSERT INTO provider_paces AS p (kind, next_at) VALUES (:kind, :until)
    ON CONFLICT (kind) DO UPDATE SET next_at = greatest(p.next_at, excluded.next_at)
    """
)


async def take_turn(work: Work, kind: str, apart: timedelta, longest: timedelta) -> datetime | None:
    """The moment of a turn of one's own, each so far `apart` from the one before; None where none is near enough."""
    given = {"kind": kind, "now": work.now, "apart": apart, "longest": longest}
    found: datetime | None = await work.connection.scalar(_TAKE, given)
    return found


async def hold(work: Work, kind: str, until: datetime) -> None:
    """Give no turn before a moment: the provider asked for that."""
    await work.connection.execute(_HOLD, {"kind": kind, "until": until})
