"""The billable procedures: one row each, whose `invoice_id` is the one invoice that has reserved it (`INV-3`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.rows import Record, Rows, record_of, rows_as, values_of
from chassis.members import Members
from chassis.money import Money
from sqlalchemy import Boolean, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.billable_procedure import (
    BillableProcedure,
    KnownProcedure,
    ProcedureState,
    Reservation,
    Reversal,
)
from invoicing.persistence.claims import claim_columns, claim_of
from invoicing.persistence.tables.procedures import BILLABLE_PROCEDURES

Key = tuple[UUID, UUID]
"""Clinic and procedure."""

_KEYS = values_of(clinic_id=Uuid(), procedure_id=Uuid())
_RESERVATIONS = values_of(clinic_id=Uuid(), procedure_id=Uuid(), invoice_id=Uuid(), ahead=Boolean())
_REVERSALS = Rows(
    BILLABLE_PROCEDURES,
    ["clinic_id", "procedure_id", "patient_id", "sequence", "reverted_at", "reverted_sequence", "revert_reason"],
)
_LOCK_KNOWN = text(
    f"""
    SELECT clinic_id, procedure_id, sequence, completed_at, reverted_at, reverted_sequence, invoice_id, invoiced_ahead
      FROM billable_procedures
     WHERE (clinic_id, procedure_id) IN (SELECT * FROM {_KEYS.unnested()})
     ORDER BY clinic_id, procedure_id FOR UPDATE
    """  # noqa: S608 - constants
)
_ROWS = Rows(
    BILLABLE_PROCEDURES, also=["invoiced_ahead"], without=["reverted_at", "reverted_sequence", "revert_reason"]
)
_COMPLETE = text(
    f"""
    UPDATE billable_procedures p
       SET {_ROWS.setting("c", "clinic_id", "procedure_id")},
           reverted_at = CASE WHEN c.sequence > p.reverted_sequence THEN NULL ELSE p.reverted_at END
      FROM {_ROWS.given(alias="c")}
     WHERE p.clinic_id = c.clinic_id AND p.procedure_id = c.procedure_id
    """  # noqa: S608 - constants
)
_REVERT = text(
    f"""
    {_REVERSALS.inserting()}
    ON CONFLICT (clinic_id, procedure_id) DO UPDATE
       SET reverted_at = excluded.reverted_at, reverted_sequence = excluded.reverted_sequence,
           revert_reason = excluded.revert_reason
    """  # noqa: S608 - constants
)
_LOCK_OF = text(
    """
    SELECT treatment_plan_item_id FROM billable_procedures
     WHERE clinic_id = :clinic_id AND (invoice_id = :invoice_id OR procedure_id = ANY(CAST(:procedures AS uuid[])))
     ORDER BY clinic_id, procedure_id FOR UPDATE
    """
)
_RESERVE = text(
    """
    WITH locked AS (
        SELECT procedure_id FROM billable_procedures
         WHERE clinic_id = :clinic_id AND procedure_id = ANY(CAST(:procedures AS uuid[]))
         ORDER BY procedure_id FOR UPDATE)
    UPDATE billable_procedures p SET invoice_id = :invoice_id
      FROM locked
     WHERE p.clinic_id = :clinic_id AND p.procedure_id = locked.procedure_id
       AND p.invoice_id IS NULL AND p.reverted_at IS NULL AND p.completed_at IS NOT NULL
    RETURNING p.*
    """
)
_RESERVE_MANY = text(
    f"""
    UPDATE billable_procedures p SET invoice_id = c.invoice_id, invoiced_ahead = c.ahead
      FROM {_RESERVATIONS.given(alias="c")}
     WHERE p.clinic_id = c.clinic_id AND p.procedure_id = c.procedure_id
    """  # noqa: S608 - constants
)
_STATES = text(
    """
    SELECT p.procedure_id, p.reverted_at, p.invoice_id, i.number
      FROM billable_procedures p LEFT JOIN invoices i ON i.id = p.invoice_id
     WHERE p.clinic_id = :clinic_id AND p.procedure_id = ANY(CAST(:procedures AS uuid[])) ORDER BY p.procedure_id
    """
)
_FIND = text(
    """
    SELECT * FROM billable_procedures
     WHERE clinic_id = :clinic_id AND procedure_id = ANY(CAST(:procedures AS uuid[])) AND completed_at IS NOT NULL
    """
)
_RELEASE = text(
    """
    UPDATE billable_procedures SET invoice_id = NULL, invoiced_ahead = false
     WHERE invoice_id = ANY(CAST(:invoices AS uuid[]))
       AND (CAST(:procedures AS uuid[]) IS NULL OR procedure_id = ANY(CAST(:procedures AS uuid[])))
    """
)
_UNBILLED = text(
    """
    SELECT * FROM billable_procedures
     WHERE clinic_id = :clinic_id AND invoice_id IS NULL AND reverted_at IS NULL AND completed_at IS NOT NULL
     ORDER BY procedure_id FOR UPDATE
    """
)


async def lock_known(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, KnownProcedure]:
    """What is known of these procedures, locked."""
    rows = (await connection.execute(_LOCK_KNOWN, _KEYS.keyed(sorted(set(keys))))).all()
    known = rows_as(KnownProcedure, rows)
    return {(row.clinic_id, row.procedure_id): one for row, one in zip(rows, known, strict=True)}


async def lock_of(
    connection: AsyncConnection, clinic_id: UUID, invoice_id: UUID, procedure_ids: Sequence[UUID]
) -> list[UUID]:
    """Lock an invoice's procedures and these ones, in the order of their ids; returns the plan items they do."""
    parameters = {"clinic_id": clinic_id, "invoice_id": invoice_id, "procedures": procedure_ids}
    rows = await connection.execute(_LOCK_OF, parameters)
    return [row.treatment_plan_item_id for row in rows if row.treatment_plan_item_id is not None]


async def add(
    connection: AsyncConnection,
    procedures: Sequence[BillableProcedure],
    reservations: Mapping[Key, Reservation],
    now: datetime,
) -> None:
    """Add procedures that were completed, with the invoices that have reserved them."""
    await _ROWS.insert(connection, [_row(procedure, reservations, now) for procedure in procedures])


async def complete(
    connection: AsyncConnection,
    procedures: Sequence[BillableProcedure],
    reservations: Mapping[Key, Reservation],
    now: datetime,
) -> None:
    """Write the completion of procedures of which a reversal is known; a later one makes them billable again."""
    if procedures:
        await connection.execute(
            _COMPLETE, _ROWS.arrays([_row(procedure, reservations, now) for procedure in procedures])
        )


async def revert(connection: AsyncConnection, reversals: Sequence[Reversal], now: datetime) -> None:
    """Remember that these were taken back, also those that were not completed yet as far as is known here."""
    if reversals:
        rows = [
            record_of(
                reversal,
                sequence=0,
                reverted_at=now,
                reverted_sequence=reversal.sequence,
                revert_reason=reversal.reason,
            )
            for reversal in reversals
        ]
        await connection.execute(_REVERT, _REVERSALS.arrays(rows))


async def reserve(
    connection: AsyncConnection, clinic_id: UUID, procedure_ids: Sequence[UUID], invoice_id: UUID
) -> list[BillableProcedure]:
    """Reserve procedures for an invoice; those that were free and billable, whoever else tries at the same time."""
    parameters = {"clinic_id": clinic_id, "procedures": procedure_ids, "invoice_id": invoice_id}
    return [procedure_of(row) for row in await connection.execute(_RESERVE, parameters)]


async def reserve_many(connection: AsyncConnection, reservations: Mapping[Key, Reservation]) -> None:
    """Reserve procedures that this transaction has locked."""
    if reservations:
        keys = [(*key, reserved.invoice_id, reserved.ahead) for key, reserved in reservations.items()]
        await connection.execute(_RESERVE_MANY, _RESERVATIONS.keyed(keys))


async def states_of(
    connection: AsyncConnection, clinic_id: UUID, procedure_ids: Sequence[UUID]
) -> list[ProcedureState]:
    """What may stand in the way of reserving these: reverted, or the invoice that has them."""
    parameters = {"clinic_id": clinic_id, "procedures": procedure_ids}
    return rows_as(ProcedureState, await connection.execute(_STATES, parameters))


async def find(connection: AsyncConnection, clinic_id: UUID, procedure_ids: Sequence[UUID]) -> list[BillableProcedure]:
    """These procedures, billed or not."""
    if not procedure_ids:
        return []
    rows = await connection.execute(_FIND, {"clinic_id": clinic_id, "procedures": procedure_ids})
    return [procedure_of(row) for row in rows]


async def release(
    connection: AsyncConnection, invoice_ids: Sequence[UUID], procedure_ids: Sequence[UUID] | None = None
) -> None:
    """Free the procedures of these invoices, or only some of them."""
    await connection.execute(_RELEASE, {"invoices": invoice_ids, "procedures": procedure_ids})


async def lock_unbilled(connection: AsyncConnection, clinic_id: UUID) -> list[BillableProcedure]:
    """All billable procedures of a clinic that no invoice has, locked."""
    return [procedure_of(row) for row in await connection.execute(_UNBILLED, {"clinic_id": clinic_id})]


_SAME = Members(BILLABLE_PROCEDURES, BillableProcedure, without=["claim"])


def _row(procedure: BillableProcedure, reservations: Mapping[Key, Reservation], now: datetime) -> Record:
    reserved = reservations.get((procedure.clinic_id, procedure.procedure_id))
    fee = procedure.fee
    return {
        **_SAME.of(procedure),
        "completed_at": now,
        "fee_minor": None if fee is None else fee.minor,
        "fee_currency": None if fee is None else fee.currency,
        "invoice_id": reserved.invoice_id if reserved else None,
        "invoiced_ahead": reserved.ahead if reserved else False,
        **claim_columns(procedure.claim, BILLABLE_PROCEDURES),
    }


def procedure_of(row: Any) -> BillableProcedure:
    """The procedure of a row."""
    fee = None if row.fee_minor is None else Money(row.fee_minor, row.fee_currency)
    return BillableProcedure(**_SAME.of(row), fee=fee, claim=claim_of(row, BILLABLE_PROCEDURES))
