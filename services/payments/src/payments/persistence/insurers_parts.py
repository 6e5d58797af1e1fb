"""What insurers decided to pay of each invoice, as invoicing announced it last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.insurers_part import AdjudicatedPart, InsurersPart
from payments.domain.transaction import Payer

_OF = text(
    """
    SELECT invoice_id, part_minor, payers, undecided_minor FROM insurers_parts
     WHERE invoice_id = ANY (CAST(:ids AS uuid[]))
    """
)
_STILL_DUE = text(
    """
    SELECT p.invoice_id,
           p.part_minor + p.undecided_minor + p.estimated_minor + coalesce(sum(j.minor), 0)::bigint AS minor
      FROM insurers_parts AS p
      LEFT JOIN journal_entries AS j
             ON j.invoice_id = p.invoice_id AND j.account = 'receivable' AND j.payer_kind = 'insurer'
     WHERE p.invoice_id = ANY (CAST(:ids AS uuid[])) GROUP BY p.invoice_id
    """
)
# The sum of all decisions, by the invoice's version: an older one changes nothing.
_KEEP = text(
    """
    INSERT INTO insurers_parts AS p (invoice_id, clinic_id, part_minor, version, payers, undecided_minor,
                                    estimated_minor)
    SELECT DISTINCT ON (invoice_id) * FROM unnest(CAST(:invoices AS uuid[]), CAST(:clinics AS uuid[]),
                                                  CAST(:parts AS bigint[]), CAST(:versions AS bigint[]),
                                                  CAST(CAST(:payers AS text[]) AS jsonb[]),
                                                  CAST(:undecided AS bigint[]), CAST(:estimated AS bigint[]))
        AS n (invoice_id, clinic_id, part_minor, version, payers, undecided_minor, estimated_minor)
     ORDER BY invoice_id, version DESC
    ON CONFLICT (invoice_id) DO UPDATE
       SET part_minor = excluded.part_minor, version = excluded.version, payers = excluded.payers,
           undecided_minor = excluded.undecided_minor, estimated_minor = excluded.estimated_minor
     WHERE p.version < excluded.version
    RETURNING invoice_id
    """
)


async def of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, InsurersPart]:
    """What insurers decided to pay of these invoices, where they did."""
    rows = await connection.execute(_OF, {"ids": list(invoice_ids)})
    return {row.invoice_id: InsurersPart(row.part_minor, _payers_of(row.payers), row.undecided_minor) for row in rows}


async def still_due(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What of these invoices is left to insurers once any has decided, where it is something.

    It is what they decided to pay and have not, what nobody has decided, and what those that have not decided are
    estimated to take: reminders and the ageing leave it to them, too.
    """
    rows = await connection.execute(_STILL_DUE, {"ids": list(invoice_ids)})
    return {row.invoice_id: row.minor for row in rows if row.minor > 0}


async def keep(connection: AsyncConnection, parts: Sequence[AdjudicatedPart]) -> set[UUID]:
    """Keep the latest of each invoice; returns the invoices of which it was news."""
    values = {
        "invoices": [one.invoice_id for one in parts],
        "clinics": [one.clinic_id for one in parts],
        "parts": [one.part.minor for one in parts],
        "versions": [one.version for one in parts],
        "payers": [_payers_json(one.part) for one in parts],
        "undecided": [one.part.undecided_minor for one in parts],
        "estimated": [one.estimated_minor for one in parts],
    }
    return set((await connection.execute(_KEEP, values)).scalars())


def _payers_json(part: InsurersPart) -> str | None:
    if part.payers is None:
        return None
    return json.dumps(
        [
            {"payer_id": str(one.payer_id) if one.payer_id else None, "name": one.name, "minor": minor}
            for one, minor in part.payers
        ]
    )


def _payers_of(kept: list[dict[str, Any]] | None) -> tuple[tuple[Payer, int], ...] | None:
    if kept is None:
        return None
    return tuple(
        (Payer("insurer", UUID(one["payer_id"]) if one["payer_id"] else None, one["name"]), one["minor"])
        for one in kept
    )
