"""What a bank took back although it had been refunded: a debit note proposed to the desk, open until a person decides.

A chargeback says what had been refunded of its payment (`PAY-6`); whether the patient owes it again, a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ADD = text(
    """
    INSERT INTO debit_proposals (id, clinic_id, payment_id, patient_id, invoice_id, amount_minor, currency, state,
                                 proposed_at)
    VALUES (:id, :clinic_id, :payment_id, :patient_id, :invoice_id, :amount_minor, :currency, 'open', :proposed_at)
    ON CONFLICT DO NOTHING
    """
)
_LOCK = text("SELECT * FROM debit_proposals WHERE clinic_id = :clinic_id AND id = :id FOR UPDATE")
_CLOSE = text(
    """
    UPDATE debit_proposals SET state = :state, closed_at = :now, closed_by = :by, closed_because = :because,
           note_id = :note_id
     WHERE clinic_id = :clinic_id AND id = :id RETURNING *
    """
)
_LIST = text(
    """
    SELECT * FROM debit_proposals
     WHERE clinic_id = :clinic_id AND (CAST(:state AS text) IS NULL OR state = :state)
       AND (CAST(:patient_id AS uuid) IS NULL OR patient_id = ANY(records_of(:clinic_id, :patient_id)))
       AND (CAST(:before AS uuid) IS NULL OR id < :before)
     ORDER BY id DESC LIMIT :most
    """
)


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What is proposed: `id` is the chargeback's, `invoice_id` the invoice that it reopened last, if it did one."""

    id: UUID
    clinic_id: UUID
    payment_id: UUID
    patient_id: UUID
    invoice_id: UUID | None
    amount_minor: int
    currency: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """What became of a proposal, by whom and why; the debit note, where one was made."""

    state: str
    now: datetime
    by: str
    because: str
    note_id: UUID | None = None


async def add(connection: AsyncConnection, proposals: Sequence[NewProposal]) -> None:
    """Propose, each once however often its chargeback is told."""
    if proposals:
        names = NewProposal.__dataclass_fields__
        await connection.execute(_ADD, [{name: getattr(one, name) for name in names} for one in proposals])


async def lock(connection: AsyncConnection, clinic_id: UUID, id_: UUID) -> Any | None:
    """One of them, locked for a decision about it."""
    return (await connection.execute(_LOCK, {"clinic_id": clinic_id, "id": id_})).one_or_none()


async def close(connection: AsyncConnection, clinic_id: UUID, id_: UUID, closing: Closing) -> Any:
    """Write what became of one."""
    values = {name: getattr(closing, name) for name in Closing.__dataclass_fields__}
    return (await connection.execute(_CLOSE, values | {"clinic_id": clinic_id, "id": id_})).one()


async def listed(
    connection: AsyncConnection,
    clinic_id: UUID,
    state: str | None,
    patient_id: UUID | None,
    before: UUID | None,
    most: int,
) -> list[Any]:
    """Proposals by state and patient, the latest first."""
    values = {"clinic_id": clinic_id, "state": state, "patient_id": patient_id, "before": before, "most": most}
    return list(await connection.execute(_LIST, values))
