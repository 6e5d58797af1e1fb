"""How far a service is with its streams: what it announced, and what of a clinic's messages it has set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.machinery import every_clinic

SHOWN_MAX = 500

_ANNOUNCED = text(
    """
    SELECT coalesce((SELECT max(id) FROM outbox), 0) AS newest,
           (SELECT id FROM outbox WHERE published_at IS NULL AND clinic_id = :clinic_id
             ORDER BY id LIMIT 1) AS oldest_unpublished
    """
)
_SET_ASIDE = text(
    """
    SELECT id, topic, type, key, subject, state, reason, attempts FROM dead_letters
     WHERE state IN ('waiting', 'dead') AND clinic_id = :clinic_id ORDER BY id LIMIT :most
    """
)


@dataclass(frozen=True, slots=True)
class Position:
    """The rows of the outbox are numbered.

    All that was committed when this was read is at most `newest`, and all of the clinic's is with the broker as
    soon as `oldest_unpublished` is none or above that: another clinic's that is held back is no matter (`ALL-4`).
    Published rows are swept in the end; then `newest` is 0.
    """

    newest: int
    oldest_unpublished: int | None
    set_aside: Sequence[Row[Any]]


async def position_of(connection: AsyncConnection, clinic_id: UUID) -> Position:
    """How far the service is: with what it announced of this clinic, and with the clinic's messages."""
    async with every_clinic(connection):
        announced = (await connection.execute(_ANNOUNCED, {"clinic_id": clinic_id})).one()
    letters = (await connection.execute(_SET_ASIDE, {"clinic_id": clinic_id, "most": SHOWN_MAX})).all()
    return Position(announced.newest, announced.oldest_unpublished, letters)
