"""What insurers decided to pay of each invoice, as invoicing announced it last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_OF = text(
    "SELECT invoice_id, part_minor FROM insurers_parts WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND part_minor > 0"
)
# The sum of all decisions, by the invoice's version: an older one changes nothing.
_KEEP = text(
    """
    INSERT INTO insurers_parts AS p (invoice_id, clinic_id, part_minor, version)
    SELECT DISTINCT ON (invoice_id) * FROM unnest(CAST(:invoices AS uuid[]), CAST(:clinics AS uuid[]),
                                                  CAST(:parts AS bigint[]), CAST(:versions AS bigint[]))
        AS n (invoice_id, clinic_id, part_minor, version)
     ORDER BY invoice_id, version DESC
    ON CONFLICT (invoice_id) DO UPDATE SET part_minor = excluded.part_minor, version = excluded.version
     WHERE p.version < excluded.version
    RETURNING invoice_id
    """
)


@dataclass(frozen=True, slots=True)
class DecidedPart:
    """What all insurers' decisions on an invoice come to, as of a version of it; and whose decision was the last."""

    clinic_id: UUID
    invoice_id: UUID
    patient_id: UUID
    payer_id: UUID
    part_minor: int
    version: int


async def of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What insurers decided to pay of these invoices, where they did."""
    rows = await connection.execute(_OF, {"ids": list(invoice_ids)})
    return {row.invoice_id: row.part_minor for row in rows}


async def keep(connection: AsyncConnection, parts: Sequence[DecidedPart]) -> set[UUID]:
    """Keep the latest of each invoice; returns the invoices of which it was news."""
    values = {
        "invoices": [one.invoice_id for one in parts],
        "clinics": [one.clinic_id for one in parts],
        "parts": [one.part_minor for one in parts],
        "versions": [one.version for one in parts],
    }
    return set((await connection.execute(_KEEP, values)).scalars())
