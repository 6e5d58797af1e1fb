"""What insurers decided to pay of each invoice, as invoicing announced it last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from chassis.database.rows import Record, Rows, record_of, values_of
from sqlalchemy import BigInteger, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.insurers_part import NOTHING, AdjudicatedPart, EstimatedPart, InsurersPart
from payments.domain.left_to_insurers import LeftToInsurers
from payments.persistence.payers import (
    PayerAmounts,
    payer_as_json,
    payer_from_json,
    payers_as_json,
    payers_from_json,
    write_offs_from_json,
)
from payments.persistence.tables import INSURERS_PARTS

_OF = text(
    """
    SELECT invoice_id, part_minor, payers, undecided_minor FROM insurers_parts
     WHERE invoice_id = ANY (CAST(:ids AS uuid[]))
    """
)
# Until any has decided, theirs is what they were estimated to take when the invoice was issued (`INS-1`). They are left
# no more than the invoice's own lines ask for, where a note said it: what a debit note adds is the patient's.
_LEFT = text(
    """
    SELECT i.invoice_id, p.part_minor, p.payers, p.undecided_minor,
           p.last_payer, p.estimated_write_off_minor, i.insurers_estimated, i.asked_of_lines_minor, r.received,
           coalesce(p.estimated_minor, i.insurers_estimated_minor) AS estimated_minor
      FROM invoices AS i
      LEFT JOIN insurers_parts AS p ON p.invoice_id = i.invoice_id
     CROSS JOIN LATERAL (
           SELECT jsonb_agg(jsonb_build_object('payer_id', t.payer_id, 'name', t.payer_name, 'minor', t.minor))
                      AS received
             FROM (SELECT t.payer_id, t.payer_name, -sum(j.minor)::bigint AS minor
                     FROM journal_entries AS j JOIN transactions AS t ON t.transaction_id = j.payment_id
                    WHERE j.invoice_id = i.invoice_id AND j.account = 'receivable' AND j.payer_kind = 'insurer'
                    GROUP BY 1, 2) AS t) AS r
     WHERE i.invoice_id = ANY (CAST(:ids AS uuid[]))
    """
)
# The sum of all decisions, by the invoice's version: an older one changes nothing.
_ROWS = Rows(INSURERS_PARTS, also=["undecided_minor", "estimated_minor", "estimated_write_off_minor"])
_KEEP = text(f"{_ROWS.keeping_newest()} RETURNING invoice_id")
_ESTIMATES = values_of(invoice_id=Uuid(), minor=BigInteger(), version=BigInteger())
# Of what was decided on, what each decision says is later counts; of the others, what was told of them last.
_KEEP_ESTIMATES_OF_PARTS = text(
    f"""
    UPDATE insurers_parts AS p SET estimated_minor = s.minor
      FROM (SELECT q.invoice_id, given.minor FROM {_ESTIMATES.given()}
              JOIN insurers_parts AS q ON q.invoice_id = given.invoice_id AND q.version <= given.version
             ORDER BY q.invoice_id FOR UPDATE OF q) AS s
     WHERE p.invoice_id = s.invoice_id
    """  # noqa: S608 - our own texts
)
_KEEP_ESTIMATES = text(
    f"""
    UPDATE invoices AS i SET insurers_estimated_minor = s.minor
      FROM (SELECT k.invoice_id, given.minor FROM {_ESTIMATES.given()}
              JOIN invoices AS k ON k.invoice_id = given.invoice_id
             ORDER BY k.invoice_id FOR UPDATE OF k) AS s
     WHERE i.invoice_id = s.invoice_id
    """  # noqa: S608 - our own texts
)


async def of_invoices(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, InsurersPart]:
    """What insurers decided to pay of these invoices, where they did."""
    rows = await connection.execute(_OF, {"ids": list(invoice_ids)})
    return {row.invoice_id: InsurersPart(row.part_minor, _payers_of(row.payers), row.undecided_minor) for row in rows}


async def left_to_insurers(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, LeftToInsurers]:
    """What of these invoices is left to which insurers, as documents, mails and the ageing leave it (`INS-4`)."""
    rows = await connection.execute(_LEFT, {"ids": list(invoice_ids)})
    return {row.invoice_id: _left(row) for row in rows}


def _left(row: Any) -> LeftToInsurers:
    decided = row.part_minor is not None
    return LeftToInsurers(
        part=InsurersPart(row.part_minor, _payers_of(row.payers), row.undecided_minor) if decided else NOTHING,
        estimated_minor=row.estimated_minor,
        asked_of_lines_minor=row.asked_of_lines_minor,
        estimates=_payers_of(row.insurers_estimated) or (),
        write_offs=write_offs_from_json(row.insurers_estimated or ()),
        write_off_minor=row.estimated_write_off_minor,
        received=_payers_of(row.received) or (),
        last=None if row.last_payer is None else payer_from_json(row.last_payer),
    )


async def keep(connection: AsyncConnection, parts: Sequence[AdjudicatedPart]) -> set[UUID]:
    """Keep the latest of each invoice; returns the invoices of which it was news."""
    return set((await connection.execute(_KEEP, _ROWS.arrays([_row(kept) for kept in parts]))).scalars())


async def keep_estimates(connection: AsyncConnection, estimates: Sequence[EstimatedPart]) -> None:
    """Keep what insurers that have not decided are estimated to take, of each invoice once; a later decision knows."""
    values = _ESTIMATES.arrays([record_of(estimate) for estimate in estimates])
    await connection.execute(_KEEP_ESTIMATES_OF_PARTS, values)
    await connection.execute(_KEEP_ESTIMATES, values)


def _row(kept: AdjudicatedPart) -> Record:
    return {
        "invoice_id": kept.invoice_id,
        "clinic_id": kept.clinic_id,
        "version": kept.version,
        "part_minor": kept.part.minor,
        "payers": None if kept.part.payers is None else payers_as_json(kept.part.payers),
        "undecided_minor": kept.part.undecided_minor,
        "estimated_minor": kept.estimated_minor,
        "estimated_write_off_minor": kept.estimated_write_off_minor,
        "last_payer": payer_as_json(kept.payer),
    }


def _payers_of(kept: list[dict[str, Any]] | None) -> PayerAmounts | None:
    return None if kept is None else payers_from_json(kept)
