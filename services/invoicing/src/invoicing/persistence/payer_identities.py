"""Whom a person named for a payer that no invoice knew, clinic by clinic; what was said last counts (`INS-8`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Rows, values_of
from chassis.identifiers import new_id
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.persistence.tables.insurance import PAYER_IDENTITIES

_KEYS = values_of(clinic_id=Uuid(), stated_payer_id=Uuid())
_SAID = text(
    f"""
    SELECT DISTINCT ON (clinic_id, stated_payer_id) clinic_id, stated_payer_id, payer_id FROM payer_identities
     WHERE (clinic_id, stated_payer_id) IN (SELECT * FROM {_KEYS.unnested()})
     ORDER BY clinic_id, stated_payer_id, id DESC
    """  # noqa: S608 - constants
)
_ROWS = Rows(PAYER_IDENTITIES)

Key = tuple[UUID, UUID]
"""A clinic, and the payer as it was stated."""


async def said_of(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, UUID]:
    """Who these payers are, where somebody said so."""
    rows = await connection.execute(_SAID, _KEYS.keyed(keys))
    return {(row.clinic_id, row.stated_payer_id): row.payer_id for row in rows}


async def named_for(connection: AsyncConnection, clinic_id: UUID, payers: Iterable[UUID]) -> dict[UUID, UUID]:
    """Whom a person named for these payers, whom an invoice does not know."""
    strange = list(payers)
    said = await said_of(connection, [(clinic_id, payer) for payer in strange]) if strange else {}
    return {payer: named for (_, payer), named in said.items()}


async def named_on(
    connection: AsyncConnection,
    clinic_id: UUID,
    received: Mapping[UUID, Mapping[UUID, int]],
    insurers: Mapping[UUID, set[UUID]],
) -> dict[UUID, dict[UUID, int]]:
    """What came in by invoice and payer; of a payer that the invoice does not know, as whom a person named for it."""
    strange = {payer for invoice, own in received.items() for payer in own.keys() - insurers.get(invoice, set())}
    said = await named_for(connection, clinic_id, strange)
    found: dict[UUID, dict[UUID, int]] = {invoice: {} for invoice in received}
    for invoice, own in received.items():
        for payer, minor in own.items():
            known = payer in insurers.get(invoice, set())
            named = payer if known else said.get(payer, payer)
            found[invoice][named] = found[invoice].get(named, 0) + minor
    return found


async def say(connection: AsyncConnection, key: Key, payer_id: UUID, by: str, now: datetime) -> None:
    """Keep who a payer is."""
    said = {"id": new_id(), "payer_id": payer_id, "said_by": by, "said_at": now}
    await _ROWS.insert(connection, [said | {"clinic_id": key[0], "stated_payer_id": key[1]}])
